package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHouse holds the source to the design: floors, file roles, table ownership,
// the SQL subset, the clock, sizes and words. TestHouse_catchesPlantedFaults shows
// that each rule bites.
func TestHouse(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "internal")
	packages := map[string]bool{}
	commented := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if !strings.HasSuffix(rel, ".go") && !strings.HasSuffix(rel, ".templ") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, fault := range inspect(rel, src) {
			t.Errorf("%s: %s", rel, fault)
		}
		if strings.HasSuffix(rel, ".go") && !strings.HasSuffix(rel, "_test.go") {
			dir := filepath.ToSlash(filepath.Dir(rel))
			packages[dir] = true
			commented[dir] = commented[dir] || hasPackageComment(src)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir := range packages {
		if !commented[dir] {
			t.Errorf("%s: no file says what the package is for and where to start reading", dir)
		}
	}
}

func TestHouse_catchesPlantedFaults(t *testing.T) {
	t.Parallel()
	long := "package x\n" + strings.Repeat("\n", 501)
	for _, c := range []struct{ name, path, src, want string }{
		{"a ground package imports a room", "org/store.go", `package org; import _ "cchc/internal/plan"`, "imports plan"},
		{"a room imports a room", "plan/service.go", `package plan; import _ "cchc/internal/dossier"`, "imports dossier"},
		{"a storey imports its neighbour", "org/store.go", `package org; import _ "cchc/internal/calendar"`, "imports calendar"},
		{"rules speak HTTP", "plan/task.go", `package plan; import _ "net/http"`, "only web"},
		{"a service speaks HTTP", "plan/service_task.go", `package plan; import _ "net/http"`, "only web"},
		{"a page touches the database", "plan/web.go", `package plan; import _ "cchc/internal/db"`, "do not touch the database"},
		{"rules touch the database", "plan/task.go", `package plan; import _ "cchc/internal/db"`, "do not touch the database"},
		{"SQL outside the store", "plan/service.go", "package plan; var q = `SELECT id FROM plan_task`", "SQL belongs in store"},
		{"another room's table", "plan/store.go", "package plan; var q = `SELECT id FROM dossier_step`", "belongs to another room"},
		{"one engine's word", "plan/store.go", "package plan; var q = `SELECT id FROM plan_task WHERE name ILIKE $1`", "one engine only"},
		{"one engine's cast", "org/store.go", "package org; var q = `SELECT id::text FROM org_agency`", "one engine only"},
		{"SQL built from strings", "plan/store.go", "package plan; var q = `SELECT id FROM plan_task WHERE ` + x", "built from strings"},
		{"SQL built by Sprintf", "plan/store.go", "package plan; import \"fmt\"; var q = fmt.Sprintf(`SELECT %s FROM plan_task`, x)", "built from strings"},
		{"asking the machine for the time", "plan/service.go", `package plan; import "time"; var x = time.Now()`, "ask the Clock"},
		{"asking it by another name", "org/store.go", `package org; import "time"; var x = time.Since(y)`, "ask the Clock"},
		{"a word in the code", "plan/service.go", `package plan; var s = "Nhiệm vụ"`, "words live in the locale files"},
		{"a word in a page", "plan/web.templ", `<p>Nhiệm vụ</p>`, "words live in the locale files"},
		{"a long file", "plan/service.go", long, "split it"},
		{"a long page", "plan/web.templ", strings.Repeat("\n", 501), "split it"},
		{"an inline style", "plan/web.templ", `<p style="color:red">x</p>`, "content security policy"},
		{"an inline script", "plan/web.templ", `<a onclick="x()">x</a>`, "content security policy"},
		{"an exported name without a word", "plan/task.go", "package plan\n\nfunc Open() {}\n", "no doc comment"},
		{"an unknown package on the ground", "helpers/x.go", `package helpers; import _ "cchc/internal/app"`, "imports app"},
	} {
		faults := strings.Join(inspect(c.path, []byte(c.src)), "; ")
		if !strings.Contains(faults, c.want) {
			t.Errorf("%s: not caught, got %q", c.name, faults)
		}
	}
}

func TestHouse_leavesGoodCodeAlone(t *testing.T) {
	t.Parallel()
	for path, src := range map[string]string{
		"plan/store.go":   "package plan; import _ \"cchc/internal/db\"; var q = `WITH late AS (SELECT id FROM plan_task) SELECT l.id FROM late l JOIN org_tree o ON o.descendant_id = l.id`",
		"plan/web.go":     `package plan; import _ "net/http"; import _ "cchc/internal/ui"`,
		"plan/seed.go":    `package plan; var s = "Nhiệm vụ"`,
		"plan/x_test.go":  `package plan; import "time"; var s = "Nhiệm vụ" + time.Now().String()`,
		"plan/web.templ":  `<p class="late">{ i18n.T(ctx, "plan.late") }</p>`,
		"org/store.go":    "package org; import _ \"cchc/internal/audit\"; var q = `INSERT INTO org_agency (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = excluded.id`",
		"clock/clock.go":  `package clock; import "time"; var x = time.Now()`,
		"plan/service.go": "package plan; var s = \"update the plan\"",
	} {
		if faults := inspect(path, []byte(src)); len(faults) > 0 {
			t.Errorf("%s: %v", path, faults)
		}
	}
}
