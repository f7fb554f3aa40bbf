package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"cchc/internal/errs"
)

//go:embed css/*.css
var styles embed.FS

//go:embed static
var static embed.FS

// asset is one file under its content-hash name: it never changes, so browsers keep it a year.
type asset struct {
	kind   string
	body   []byte
	packed []byte // gzip, nil when that does not pay
}

type assetList struct {
	names  map[string]string // "icons.svg" -> "/static/icons.1a2b3c4d5e.svg"
	byName map[string]asset
}

var assets = sync.OnceValue(func() assetList {
	l := assetList{names: map[string]string{}, byName: map[string]asset{}}
	err := fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := static.ReadFile(name)
		if err != nil {
			return err
		}
		l.add(strings.TrimPrefix(name, "static/"), body)
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("ui: embedded files: %v", err))
	}
	l.add("style.css", l.stylesheet())
	return l
})

var fontURL = regexp.MustCompile(`url\(/static/([^)]+)\)`)

// stylesheet joins the components' styles in the order of their numbers and points
// fonts at their hashed names.
func (l assetList) stylesheet() []byte {
	files, err := fs.Glob(styles, "css/*.css")
	if err != nil {
		panic(err)
	}
	var b bytes.Buffer
	for _, name := range files { // Glob sorts
		body, err := styles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		b.Write(body)
	}
	return fontURL.ReplaceAllFunc(b.Bytes(), func(m []byte) []byte {
		return []byte("url(" + l.names[string(fontURL.FindSubmatch(m)[1])] + ")")
	})
}

func (l assetList) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	a := asset{kind: kinds[ext], body: body}
	if ext != ".woff2" {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		_, err := z.Write(body)
		if err == nil && z.Close() == nil && b.Len() < len(body) {
			a.packed = b.Bytes()
		}
	}
	l.names[name] = "/static/" + hashed
	l.byName[hashed] = a
}

// kinds are the types that we serve; the machine's own table is not asked.
var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", "": "text/plain; charset=utf-8"}

// Asset returns the address of a static file ("style.css", "icons.svg"). An unknown
// name is a mistake of ours and panics.
func Asset(name string) string {
	url, ok := assets().names[name]
	if !ok {
		panic("ui: no static file " + name)
	}
	return url
}

func serveStatic(w http.ResponseWriter, r *http.Request) error {
	a, ok := assets().byName[r.PathValue("name")]
	if !ok {
		return errs.New(errs.NotFound, "ui.page_not_found")
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Add("Vary", "Accept-Encoding")
	body := a.body
	if a.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.packed
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(body)
	return err
}
