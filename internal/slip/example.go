package slip

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"cchc/internal/clock"
)

//go:embed data/example.json
var exampleJSON []byte

// example is a made-up dossier for looking at a form: nobody real, and every field filled.
func example(_ context.Context, now time.Time) Data {
	var d Data
	if err := json.Unmarshal(exampleJSON, &d); err != nil { // embedded: the tests read it
		panic(fmt.Sprintf("slip: example: %v", err))
	}
	d.Day, d.From, d.To = clock.Day(now), clock.Day(now.AddDate(0, 0, -7)), clock.Day(now)
	d.Submitted, d.Received, d.HandedAt, d.Paid = now, now, now, now
	d.Due, d.OldDue, d.SupplyBy, d.NewDue, d.Returned = now.AddDate(0, 0, 7), now.AddDate(0, 0, 7), now.AddDate(0, 0, 3), now.AddDate(0, 0, 10), now.AddDate(0, 0, 7)
	for i := range d.Lines {
		d.Lines[i].Received, d.Lines[i].Due, d.Lines[i].Returned = now, d.Due, d.Returned
	}
	for i := range d.Steps {
		d.Steps[i].At, d.Steps[i].Due = now, d.Due
	}
	return d
}
