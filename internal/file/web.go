package file

import (
	"net/http"
	"time"
)

// Serve hands out a document as an attachment, with ranges and a tag for caching. The
// caller has checked that the reader may see it.
func (s *Store) Serve(w http.ResponseWriter, r *http.Request, d Document) error {
	f, err := s.Open(d.SHA256)
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", d.Type)
	h.Set("Content-Disposition", Disposition(d.Name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox") // should a browser show it after all
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+d.SHA256+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}
