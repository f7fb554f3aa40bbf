package admin

import (
	"net/http"

	"cchc/internal/ui"
)

func (h *web) notices(w http.ResponseWriter, r *http.Request) error {
	l, err := h.admin.Notices(r.Context(), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	return h.page(w, r, noticesURL, word(r, "admin.menu.notices"), 0, noticesPage(l))
}

const noticesURL = "/notices"

func (l NoticeList) next() string {
	if l.Next == "" {
		return ""
	}
	return address(noticesURL, "after", l.Next)
}

func (h *web) readNotices(w http.ResponseWriter, r *http.Request) error {
	if err := h.admin.ReadNotices(r.Context()); err != nil {
		return err
	}
	ui.Flash(w, r, "admin.notices.read_done")
	return ui.Back(w, r, noticesURL)
}

// openNotice marks a notice read and goes where it leads.
func (h *web) openNotice(w http.ResponseWriter, r *http.Request) error {
	to, err := h.admin.ReadNotice(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if to == "" {
		to = noticesURL
	}
	return ui.Back(w, r, to)
}
