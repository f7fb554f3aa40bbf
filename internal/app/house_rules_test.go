package app

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const module = "cchc/internal/"

// storey gives each ground package its floor; the tens count the storeys of floor 2.
// A package may import only from storeys below its own. What is missing here is a
// room, on floor 3.
var storey = map[string]int{
	"errs": 0, "clock": 0, "text": 1, "flow": 1, "decimal": 1,
	"db":    10,
	"audit": 20, "event": 20, "file": 20, "i18n": 20, "job": 20,
	"org": 21, "calendar": 21, "search": 21, "indicator": 21, "document": 21, "vault": 21, "process": 21,
	"identity": 22, "notice": 22,
	"ui": 23, "inbox": 24, "api": 24,
	"app": 40,
}

const roomFloor = 30

func floor(pkg string) int {
	if f, ok := storey[pkg]; ok {
		return f
	}
	return roomFloor
}

var (
	asksSQL   = regexp.MustCompile(`(?s)^\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\b.*[\s(]`)
	tableWord = regexp.MustCompile(`(?is)\b(?:from|join|into|update)\s+([a-z_]+)`)
	withName  = regexp.MustCompile(`(?is)\b([a-z_]+)\s*(?:\([^)]*\))?\s+as\s*(?:not\s+materialized\s*|materialized\s*)?\(`)
	oneEngine = regexp.MustCompile(`(?i)\bilike\b|\bnow\(|::|insert or |\bifnull\(|group_concat|strftime|\bserial\b|autoincrement|for update|distinct on|date_trunc|\bgreatest\(|\bleast\(|\blower\(|\bupper\(|json_extract|->>|= ?any ?\(|\browid\b|collate nocase|\boffset\b`)
	marked    = regexp.MustCompile(`[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]`)
	inline    = regexp.MustCompile(`(?i)<[a-z][^>]*\s(?:style|on[a-z]+)\s*=\s*["{]|<style\b|<script>`)
)

// inspect returns the faults of one file; name is its path below internal.
func inspect(name string, src []byte) []string {
	var faults []string
	add := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }

	base := path.Base(name)
	pkg, _, _ := strings.Cut(name, "/")
	isTest := strings.HasSuffix(base, "_test.go") || strings.HasSuffix(path.Dir(name), "test")
	generated := strings.HasSuffix(base, "_templ.go")
	mayHoldWords := isTest || generated || pkg == "i18n" || strings.HasPrefix(base, "seed") || strings.HasPrefix(base, "examples")

	lines := strings.Count(string(src), "\n")
	if limit := map[bool]int{false: 500, true: 800}[isTest]; lines > limit && !generated {
		add("%d lines; split it by subject (limit %d)", lines, limit)
	}
	if strings.HasSuffix(base, ".templ") {
		for i, line := range strings.Split(string(src), "\n") {
			if code, _, _ := strings.Cut(line, "//"); marked.MatchString(code) && !mayHoldWords {
				add("line %d: words live in the locale files", i+1)
			}
			if m := inline.FindString(line); m != "" {
				add("line %d: %s is refused by the content security policy", i+1, m)
			}
		}
		return faults
	}

	file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments)
	if err != nil {
		return append(faults, err.Error())
	}
	if generated || isTest {
		return faults
	}
	checkImports(file, pkg, base, add)
	checkNames(file, add)
	measures := pkg == "clock" || strings.HasPrefix(name, "app/bench/")
	built := map[*ast.BasicLit]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if ok && x.Name == "time" && !measures && slices.Contains([]string{"Now", "Since", "Until"}, n.Sel.Name) {
				add("ask the Clock, not time.%s", n.Sel.Name)
			}
		case *ast.BinaryExpr:
			markBuilt(built, n.X, n.Y)
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sprintf" && len(n.Args) > 1 {
				markBuilt(built, n.Args[0])
			}
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(n.Value)
			if marked.MatchString(text) && !mayHoldWords {
				add("%q: words live in the locale files", text)
			}
			if asksSQL.MatchString(text) {
				checkSQL(text, pkg, base, built[n], add)
			}
		}
		return true
	})
	return faults
}

func markBuilt(built map[*ast.BasicLit]bool, parts ...ast.Expr) {
	for _, p := range parts {
		if lit, ok := p.(*ast.BasicLit); ok {
			built[lit] = true
		}
	}
}

func role(base string) string {
	r, _, _ := strings.Cut(strings.TrimSuffix(base, ".go"), "_")
	return r
}

func checkImports(file *ast.File, pkg, base string, add func(string, ...any)) {
	for _, im := range file.Imports {
		name, _ := strconv.Unquote(im.Path.Value)
		if other, ok := strings.CutPrefix(name, module); ok {
			other, _, _ = strings.Cut(other, "/")
			if other != pkg && floor(other) >= floor(pkg) {
				add("storey %d imports %s on storey %d", floor(pkg), other, floor(other))
			}
		}
		if floor(pkg) != roomFloor {
			continue
		}
		switch r := role(base); {
		case (name == "net/http" || strings.HasPrefix(name, "github.com/a-h/templ")) && r != "web":
			add("only web*.go may import %s", name)
		case name == "database/sql" && r != "store":
			add("only store*.go may import %s", name)
		case name == module+"db" && !slices.Contains([]string{"store", "service", "indicators", "seed"}, r):
			add("rules and pages do not touch the database")
		}
	}
}

// checkNames asks for a doc comment on every exported type and function.
func checkNames(file *ast.File, add func(string, ...any)) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.IsExported() && d.Doc == nil {
				add("%s has no doc comment", d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if t, ok := s.(*ast.TypeSpec); ok && t.Name.IsExported() && t.Doc == nil && d.Doc == nil && t.Comment == nil {
					add("%s has no doc comment", t.Name.Name)
				}
			}
		}
	}
}

func checkSQL(text, pkg, base string, built bool, add func(string, ...any)) {
	if pkg != "db" && pkg != "app" {
		if bad := oneEngine.FindString(text); bad != "" && !strings.Contains(base, "sqlite") && !strings.Contains(base, "postgres") {
			add("%q runs on one engine only", bad)
		}
		if built {
			add("SQL is built from strings: %.40q", text)
		}
		if r := role(base); r != "store" && r != "indicators" && r != "migrations" {
			add("SQL belongs in store*.go: %.40q", text)
		}
	}
	if floor(pkg) != roomFloor {
		return
	}
	named := map[string]bool{"set": true} // DO UPDATE SET
	for _, m := range withName.FindAllStringSubmatch(text, -1) {
		named[m[1]] = true
	}
	for _, m := range tableWord.FindAllStringSubmatch(text, -1) {
		owner, _, _ := strings.Cut(m[1], "_")
		if !named[m[1]] && !named[strings.ToLower(m[1])] && owner != pkg && floor(owner) >= roomFloor {
			add("table %s belongs to another room", m[1])
		}
	}
}

func hasPackageComment(src []byte) bool {
	file, err := parser.ParseFile(token.NewFileSet(), "", src, parser.PackageClauseOnly|parser.ParseComments)
	return err == nil && file.Doc != nil
}
