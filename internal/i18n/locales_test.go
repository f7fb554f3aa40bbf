package i18n

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// files reads the locale files of a language: package -> key -> text.
func files(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	names, err := fs.Glob(locales, path.Join("locales", lang, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for _, name := range names {
		raw, err := locales.ReadFile(name)
		var words map[string]string
		if err == nil {
			err = json.Unmarshal(raw, &words)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out[strings.TrimSuffix(path.Base(name), ".json")] = words
	}
	return out
}

func TestLocales_canAllBeRead(t *testing.T) {
	t.Parallel()
	if err := Check(); err != nil {
		t.Error(err)
	}
}

// belongs says whether a file of package pkg may hold the key.
func belongs(pkg, key string) bool {
	for _, kind := range []string{"", "error.", "audit.", "right.", "move.", "state.", "indicator.", "inbox.kind."} {
		if strings.HasPrefix(key, kind+pkg+".") {
			return true
		}
	}
	// Two packages of the lowest floors have no words of their own.
	return pkg == "identity" && strings.HasPrefix(key, "role.") ||
		pkg == "ui" && strings.HasPrefix(key, "error.decimal.")
}

func TestLocales_aFileHoldsKeysOfItsPackageOnly(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{Vi, En} {
		for pkg, words := range files(t, lang) {
			for key, text := range words {
				if !belongs(pkg, key) {
					t.Errorf("%s/%s.json: %s belongs to another package", lang, pkg, key)
				}
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s/%s.json: %s is empty", lang, pkg, key)
				}
				if !norm.NFC.IsNormalString(text) {
					t.Errorf("%s/%s.json: %s is not composed (NFC)", lang, pkg, key)
				}
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+(?::[a-z]+)?\}`)

// names returns the placeholders of a text without their forms, sorted, each once.
func names(text string) []string {
	set := map[string]bool{}
	for _, p := range placeholder.FindAllString(text, -1) {
		name, _, _ := strings.Cut(strings.Trim(p, "{}"), ":")
		set[name] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func TestLocales_englishSaysWhatVietnameseSays(t *testing.T) {
	t.Parallel()
	vi, en := files(t, Vi), files(t, En)
	for pkg, words := range en {
		for key, text := range words {
			original, ok := vi[pkg][key]
			if !ok {
				t.Errorf("en/%s.json: %s is missing in Vietnamese, the complete language", pkg, key)
				continue
			}
			if a, b := names(original), names(text); !slices.Equal(a, b) {
				t.Errorf("%s: placeholders differ: vi %v, en %v", key, a, b)
			}
		}
	}
	for pkg, words := range vi {
		for key := range words {
			if strings.HasPrefix(key, "error.") && en[pkg][key] == "" {
				t.Errorf("%s: a refusal is said in English too", key)
			}
		}
	}
}

var usedKey = regexp.MustCompile(`i18n\.T\([^,()]+(?:\(\))?, "([a-z0-9_.]+)"[,)]`)

// Every key that a page asks for exists: a missing one would show itself to a reader.
func TestLocales_everyKeyAskedForExists(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
			return err
		}
		if ext := path.Ext(name); ext != ".go" && ext != ".templ" {
			return nil
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range usedKey.FindAllSubmatch(src, -1) {
			if !Has(string(m[1])) {
				t.Errorf("%s: no words for %s", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
