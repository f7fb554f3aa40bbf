package urge

import (
	"context"
	"io"

	"cchc/internal/db"
	"cchc/internal/document"
	"cchc/internal/i18n"
	"cchc/internal/text"
)

// Docx writes a letter in the layout of Decree 30/2020/ND-CP: an official letter with
// its list of work as an appendix. It is Vietnamese, whatever the reader's language.
func (s *Service) Docx(ctx context.Context, v LetterView, out io.Writer) error {
	from, err := s.sender(ctx, v)
	if err != nil {
		return err
	}
	return document.Docx(out, v.letter(i18n.WithLang(ctx, i18n.Vi), from))
}

// sender finds in whose name a letter goes out.
func (s *Service) sender(ctx context.Context, v LetterView) (out sender, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		province, err := s.Province(tx, v.asOf())
		if err != nil {
			return err
		}
		if out.name, err = agencyName(tx, province); err != nil {
			return err
		}
		out.place, out.province = text.Place(out.name), true
		by, err := agencyOf(tx, v.SignedBy)
		if err == nil && by == v.Follower && v.SignedBy != "" {
			out.name, out.province = v.FollowerName, false
		}
		return err
	})
	return out, err
}
