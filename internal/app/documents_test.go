package app

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the documents that are made from the code")

// TestDocuments holds the reference documents to the code: each is made again from
// the source and must equal the file. Run with -update after a change.
func TestDocuments(t *testing.T) {
	found := scanSource(t)
	for name, made := range map[string]string{
		"errors.md":       errorsDocument(t, found),
		"audit-events.md": auditDocument(t, found),
	} {
		holdDocument(t, name, made)
	}
}

func holdDocument(t *testing.T, name, made string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", name)
	if *update {
		if err := os.WriteFile(path, []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != made {
		t.Errorf("docs/%s is not what the code says; run make generate", name)
	}
}

// source is what the documents are made from: code -> where it is used.
type source struct {
	refusals map[string]string // error code -> kind
	audits   map[string]bool   // audit kind
}

// scanSource reads every non-test Go file for refusals (errs.New, errs.OnField, and
// the code that a flow table gives) and audit kinds (audit.Entry{Kind: …}).
func scanSource(t *testing.T) source {
	t.Helper()
	found := source{refusals: map[string]string{}, audits: map[string]bool{}}
	root := filepath.Join("..", "..", "internal")
	kinds := words(t, "vi")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				scanCall(n, found)
			case *ast.CompositeLit:
				scanEntry(n, found)
			case *ast.BasicLit: // a kind that is passed on to a helper which records it
				if kind := literal(n); kinds["audit."+kind] != "" {
					found.audits[kind] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.refusals) < 5 {
		t.Fatalf("only %d refusals found: the scan is broken", len(found.refusals))
	}
	return found
}

func scanCall(call *ast.CallExpr, found source) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	pkg, _ := sel.X.(*ast.Ident)
	switch {
	case pkg != nil && pkg.Name == "errs" && sel.Sel.Name == "New" && len(call.Args) >= 2:
		kind := "?"
		if k, ok := call.Args[0].(*ast.SelectorExpr); ok {
			kind = k.Sel.Name
		}
		found.refuse(literal(call.Args[1]), kind)
	case pkg != nil && pkg.Name == "errs" && sel.Sel.Name == "OnField" && len(call.Args) >= 2:
		found.refuse(literal(call.Args[1]), "Invalid")
	case sel.Sel.Name == "Next" && len(call.Args) == 3:
		found.refuse(literal(call.Args[2]), "Conflict")
	}
}

func (s source) refuse(code, kind string) {
	if code != "" {
		s.refusals[code] = kind
	}
}

func scanEntry(lit *ast.CompositeLit, found source) {
	name := ""
	switch typ := lit.Type.(type) {
	case *ast.SelectorExpr:
		if x, ok := typ.X.(*ast.Ident); ok {
			name = x.Name + "." + typ.Sel.Name
		}
	}
	if name != "audit.Entry" {
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "Kind" {
				if kind := literal(kv.Value); kind != "" {
					found.audits[kind] = true
				}
			}
		}
	}
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(lit.Value)
	return s
}

func errorsDocument(t *testing.T, found source) string {
	t.Helper()
	vi, en := words(t, "vi"), words(t, "en")
	var b strings.Builder
	b.WriteString("# Refusals\n\nEvery refusal that a person may see has a code, which is never reused. Made from the code by `make generate`.\n\n| code | kind | sentence (vi) | sentence (en) |\n| --- | --- | --- | --- |\n")
	for _, code := range sortedKeys(found.refusals) {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", code, found.refusals[code], sentence(t, vi, "error."+code), sentence(t, en, "error."+code))
	}
	return b.String()
}

func auditDocument(t *testing.T, found source) string {
	t.Helper()
	vi, en := words(t, "vi"), words(t, "en")
	var b strings.Builder
	b.WriteString("# Audit events\n\nEvery change writes one entry in the same transaction. Kinds are never renamed. Made from the code by `make generate`.\n\n| kind | what happened (vi) | (en) |\n| --- | --- | --- |\n")
	for _, kind := range sortedKeys(found.audits) {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", kind, sentence(t, vi, "audit."+kind), sentence(t, en, "audit."+kind))
	}
	return b.String()
}

func sentence(t *testing.T, texts map[string]string, key string) string {
	t.Helper()
	text, ok := texts[key]
	if !ok {
		t.Errorf("no text for %s", key)
	}
	return strings.ReplaceAll(text, "|", "\\|")
}

// words reads one language's locale files: here a missing English text is a fault,
// while a reader would be shown the Vietnamese one.
func words(t *testing.T, lang string) map[string]string {
	t.Helper()
	all := map[string]string{}
	files, err := filepath.Glob(filepath.Join("..", "i18n", "locales", lang, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no locale files for %s: %v", lang, err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &all); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
	}
	return all
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
