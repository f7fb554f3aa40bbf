package app

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"cchc/internal/counter"
	"cchc/internal/flow"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/payment"
	"cchc/internal/plan"
	"cchc/internal/procedure"
)

// TestReference holds moves, rights and settings to the code, each as a document that
// is made from it.
func TestReference(t *testing.T) {
	holdDocument(t, "moves.md", movesDocument(t))
	holdDocument(t, "rights.md", rightsDocument(t))
	holdDocument(t, "settings.md", settingsDocument(t))
}

func movesDocument(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Moves\n\nEvery allowed change of state. Tests walk every pair along these tables. Made from the code by `make generate`.\n")
	writeMoves(&b, "Plan (kế hoạch)", plan.Moves)
	writeMoves(&b, "Assignment (việc giao)", plan.AssignmentMoves)
	writeMoves(&b, "Payment order (phiếu yêu cầu thanh toán)", payment.Moves)
	writeMoves(&b, "Ticket of a hall (số thứ tự)", counter.Moves)
	writeMoves(&b, "Procedure (thủ tục hành chính)", procedure.Moves)
	writeMoves(&b, "Procedure version (bản của thủ tục)", procedure.VersionMoves)
	writeMoves(&b, "Account (tài khoản)", identity.Moves)
	return b.String()
}

func writeMoves[S ~string](b *strings.Builder, title string, table flow.Table[S]) {
	fmt.Fprintf(b, "\n## %s\n\n| move | from | to |\n| --- | --- | --- |\n", title)
	for _, m := range table {
		from := make([]string, len(m.From))
		for i, s := range m.From {
			from[i] = "`" + string(s) + "`"
		}
		fmt.Fprintf(b, "| %s | %s | `%s` |\n", m.Name, strings.Join(from, ", "), m.To)
	}
}

func rightsDocument(t *testing.T) string {
	t.Helper()
	vi, en := words(t, "vi"), words(t, "en")
	holders := map[string][]string{}
	var codes []string
	rights := declaredRights()
	for _, r := range rights.All() {
		codes = append(codes, r.Code)
		for _, role := range identity.Roles {
			for _, have := range r.Roles {
				if have == role {
					holders[r.Code] = append(holders[r.Code], role)
				}
			}
		}
	}
	var b strings.Builder
	b.WriteString("# Rights\n\nA right covers an agency and all below it, or the province. The roles are how a province begins; an administrator changes them. Made from the code by `make generate`.\n\n| right | what it allows (vi) | (en) | roles at first |\n| --- | --- | --- | --- |\n")
	for _, code := range codes {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", code, sentence(t, vi, "right."+code), sentence(t, en, "right."+code), strings.Join(holders[code], ", "))
	}
	return b.String()
}

func settingsDocument(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Settings\n\nWhat the command line and the environment decide. Everything else is data that an administrator changes on a page. Made from the code by `make generate`.\n\n| command | flag | environment | default | what |\n| --- | --- | --- | --- | --- |\n")
	parser, err := kong.New(&commands{}, kong.Name("cchc"), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *kong.Node)
	walk = func(n *kong.Node) {
		for _, f := range n.Flags {
			if f.Name == "help" {
				continue
			}
			name := n.Path()
			if n == parser.Model.Node {
				name = "(all)"
			}
			fmt.Fprintf(&b, "| %s | `--%s` | %s | %s | %s |\n", name, f.Name, codes(f.Envs), codes([]string{f.Default}), f.Help)
		}
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(parser.Model.Node)
	return b.String()
}

func codes(list []string) string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, "`"+s+"`")
		}
	}
	return strings.Join(out, ", ")
}

// TestGlossary asks that every code which people meet in data stands in the glossary.
func TestGlossary(t *testing.T) {
	t.Parallel()
	doc := readDoc(t, "glossary.md")
	for _, k := range org.Kinds {
		if !strings.Contains(doc, string(k)) {
			t.Errorf("the glossary lacks the agency kind %s", k)
		}
	}
	for _, m := range plan.AssignmentMoves {
		word, _, _ := strings.Cut(m.Name, "_")
		if !regexp.MustCompile(`\b` + word).MatchString(doc) {
			t.Errorf("the glossary lacks the move %s", m.Name)
		}
	}
}

// TestOperations asks that the operations document names every command and every
// environment variable, and no command that does not exist.
func TestOperations(t *testing.T) {
	t.Parallel()
	doc := readDoc(t, "operations.md")
	typ := reflect.TypeOf(commands{})
	known := map[string]bool{}
	for i := range typ.NumField() {
		f := typ.Field(i)
		if _, ok := f.Tag.Lookup("cmd"); !ok {
			continue
		}
		name := strings.ToLower(f.Name)
		known[name] = true
		if !strings.Contains(doc, "`cchc "+name) && !strings.Contains(doc, "`"+name+"`") {
			t.Errorf("docs/operations.md does not say what %s is for", name)
		}
	}
	for _, m := range regexp.MustCompile("`cchc ([a-z]+)").FindAllStringSubmatch(doc, -1) {
		if !known[m[1]] {
			t.Errorf("docs/operations.md names the command %s, which does not exist", m[1])
		}
	}
}

// TestSQLDocument asks that the document of the SQL subset names what the house refuses.
func TestSQLDocument(t *testing.T) {
	t.Parallel()
	doc := strings.ToLower(readDoc(t, "sql.md"))
	for _, banned := range []string{"ilike", "now()", "::", "any($1)", "for update", "distinct on", "date_trunc", "greatest", "ifnull", "group_concat",
		"insert or replace", "strftime", "rowid", "json_extract", "->>", "collate nocase"} {
		if !strings.Contains(doc, banned) {
			t.Errorf("docs/sql.md does not say that %s is banned", banned)
		}
		if !oneEngine.MatchString("SELECT a FROM t WHERE b = "+banned+"(c) ") && !oneEngine.MatchString(banned+" INTO t") {
			t.Errorf("the house test does not refuse %s", banned)
		}
	}
}

func readDoc(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
