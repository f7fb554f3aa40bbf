package event

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/events.md from the code")

// TestKinds_areDocumented holds docs/events.md to the facts declared in facts_*.go.
func TestKinds_areDocumented(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("facts_*.go")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, kindsOf(t, file)...)
	}
	slices.Sort(rows)
	want := "# Announcements\n\nWhat rooms tell each other (package event). Kinds are stored and never renamed; bodies hold ids and codes only.\n" +
		"Made from the code by `go test ./internal/event -run Kinds -update`.\n\n| kind | body | what it says |\n| --- | --- | --- |\n" + strings.Join(rows, "")
	path := filepath.Join("..", "..", "docs", "events.md")
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Error("docs/events.md is not what the code says; run this test with -update")
	}
}

// kindsOf makes one table row of every type that has a Kind.
func kindsOf(t *testing.T, file *ast.File) (rows []string) {
	kinds, docs, bodies := map[string]string{}, map[string]string{}, map[string]string{}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == "Kind" && d.Recv != nil {
				ret := d.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit)
				kinds[d.Recv.List[0].Type.(*ast.Ident).Name], _ = strconv.Unquote(ret.Value)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				typ, ok := s.(*ast.TypeSpec)
				if !ok {
					continue
				}
				if docs[typ.Name.Name] = strings.Join(strings.Fields(d.Doc.Text()), " "); docs[typ.Name.Name] == "" {
					t.Errorf("%s says nothing", typ.Name.Name)
				}
				if st, ok := typ.Type.(*ast.StructType); ok {
					var names []string
					for _, f := range st.Fields.List {
						if f.Tag != nil {
							tag, _ := strconv.Unquote(f.Tag.Value)
							names = append(names, strings.Trim(strings.TrimPrefix(tag, "json:"), `"`))
						}
					}
					bodies[typ.Name.Name] = strings.Join(names, ", ")
				}
			}
		}
	}
	seen := map[string]bool{}
	for name, kind := range kinds {
		if seen[kind] {
			t.Errorf("two facts are called %s", kind)
		}
		seen[kind] = true
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |\n", kind, bodies[name], docs[name]))
	}
	return rows
}
