package views

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

func newService(t *testing.T, d *db.DB) *Service {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC) }
	keys, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	return &Service{DB: d, Clock: now, Log: audit.New(keys, now)}
}

func as(account string) context.Context {
	return identity.With(context.Background(), identity.Actor{AccountID: account, Name: account})
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestSave_keepsAListUnderItsNameForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		v, err := s.Save(as("lan"), " Quá hạn ", "/plan/1/figures/overdue?level=assignments&after=xyz&as=csv")
		if err != nil || v.Name != "Quá hạn" || v.Address != "/plan/1/figures/overdue?level=assignments" {
			t.Fatalf("%+v, %v", v, err)
		}
		if _, err := s.Save(as("lan"), "Quá hạn", "/urge?level=2"); err != nil { // the same name replaces
			t.Fatal(err)
		}
		if _, err := s.Save(as("lan"), "Ân", "/inbox"); err != nil {
			t.Fatal(err)
		}
		list, err := s.List(as("lan"))
		if err != nil || len(list) != 2 || list[0].Name != "Ân" || list[1].Address != "/urge?level=2" {
			t.Errorf("lan has %+v, %v", list, err)
		}
		if other, err := s.List(as("nam")); err != nil || len(other) != 0 {
			t.Errorf("nam has %+v, %v", other, err)
		}
		wantCode(t, s.Remove(as("nam"), list[0].ID), "views.unknown")
		if err := s.Remove(as("lan"), list[0].ID); err != nil {
			t.Fatal(err)
		}
		wantCode(t, s.Remove(as("lan"), list[0].ID), "views.unknown")
		_, err = s.List(context.Background())
		wantCode(t, err, "identity.sign_in_first")
	})
}

func TestSave_takesOnlyPagesOfThisProgramAndBoundsThem(t *testing.T) {
	t.Parallel()
	s := newService(t, dbtest.NewSQLite(t))
	for _, address := range []string{"", "https://example.com/x", "//example.com", "/\\example.com", "javascript:alert(1)", "/x\r\nSet-Cookie: a=b", "/views/new?to=/x"} {
		_, err := s.Save(as("lan"), "x", address)
		wantCode(t, err, "views.address_unclear")
	}
	_, err := s.Save(as("lan"), " ", "/inbox")
	wantCode(t, err, "views.name_missing")
	for i := range mostViews {
		if _, err := s.Save(as("lan"), fmt.Sprint("v", i), "/inbox"); err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.Save(as("lan"), "one more", "/inbox")
	wantCode(t, err, "views.too_many")
	if _, err := s.Save(as("lan"), "v1", "/urge"); err != nil {
		t.Errorf("a known name is refused at the bound: %v", err)
	}
}
