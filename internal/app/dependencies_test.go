package app

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// TestDependencies holds docs/dependencies.md to go.mod: every direct module stands
// there with its exact version, and no other does.
func TestDependencies(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	raw, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile(filepath.Join(root, "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	required := map[string]bool{}
	tools := map[string]bool{}
	for _, tool := range mod.Tool {
		tools[tool.Path] = true
	}
	for _, r := range mod.Require {
		isTool := false
		for path := range tools {
			isTool = isTool || strings.HasPrefix(path, r.Mod.Path+"/")
		}
		if r.Indirect && !isTool {
			continue
		}
		required[r.Mod.Path] = true
		if !strings.Contains(string(doc), "| "+r.Mod.Path+" | "+r.Mod.Version+" |") {
			t.Errorf("docs/dependencies.md lacks %s %s", r.Mod.Path, r.Mod.Version)
		}
	}
	row := regexp.MustCompile(`(?m)^\| ([a-z]\S+\.\S+/\S+) \| v`)
	for _, m := range row.FindAllStringSubmatch(string(doc), -1) {
		if !required[m[1]] {
			t.Errorf("docs/dependencies.md lists %s, which go.mod does not require", m[1])
		}
	}
}
