package org

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// ShippedRows are the two shipped directories as one import: Bình Định in 2022 and
// Gia Lai after the merger of 1/7/2025. All names are samples ("dữ liệu mẫu").
func ShippedRows() ([]Row, error) {
	var all []Row
	for _, name := range []string{"data/org-binh-dinh-2022.csv", "data/org-gia-lai-2026.csv"} {
		raw, err := shipped.ReadFile(name)
		if err != nil {
			return nil, err
		}
		rows, err := ReadFile(bytes.NewReader(raw))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, rows...)
	}
	for i := range all { // one numbering for both files
		all[i].Row = i + 2
	}
	return all, nil
}

// ImportShipped writes both shipped directories and who succeeded whom on 1/7/2025:
// departments and central agencies one by one, districts to the communes on their
// land, and by field where the work went to the province. Run twice it adds nothing.
func (d *Directory) ImportShipped(tx *db.Tx, who audit.Who) (Report, error) {
	rows, err := ShippedRows()
	if err != nil {
		return Report{}, err
	}
	report, err := d.Import(tx, who, rows, false)
	if err != nil {
		return report, err
	}
	raw, err := shipped.ReadFile("data/successions-2025.csv")
	if err != nil {
		return report, err
	}
	lines, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return report, fmt.Errorf("data/successions-2025.csv: %w", err)
	}
	for _, line := range lines[1:] {
		if err := d.succeed(tx, line[0], line[1], line[2], line[3]); err != nil {
			return report, err
		}
	}
	return report, nil
}

// Succeed records that one agency took over another's work in a field ("" all) on a
// day: for mergers that happened before the program knew them.
func (d *Directory) Succeed(tx *db.Tx, who audit.Who, fromCode, toCode, field, day string) error {
	if err := d.succeed(tx, fromCode, toCode, field, day); err != nil {
		return err
	}
	return d.log.Record(tx, who, audit.Entry{Kind: "org.succession_add", Subject: "org_agency:" + fromCode, After: Link{fromCode, toCode, field, day}})
}

func (d *Directory) succeed(tx *db.Tx, fromCode, toCode, field, day string) error {
	if !validDay(day) {
		return errs.OnField("day", "org.day_unreadable", "day", day)
	}
	var ids [2]string
	for i, code := range []string{fromCode, toCode} {
		a, found, err := FindByCode(tx, code, "")
		if err != nil {
			return err
		}
		if !found {
			return errs.OnField("code", "org.code_unknown", "code", code)
		}
		ids[i] = a.ID
	}
	if ids[0] == ids[1] {
		return errs.OnField("successors", "org.successor_wrong")
	}
	return insertSuccession(tx, Successor{From: ids[0], To: ids[1], Field: field}, day, "")
}
