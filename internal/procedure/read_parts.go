package procedure

import (
	"encoding/json"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"cchc/internal/calendar"
	"cchc/internal/process"
	"cchc/internal/text"
)

// times reads the limit, the hard areas and the notice of what is missing.
func (r *reader) times(m map[string]any) {
	total := r.object(m, "total")
	r.c.Limit = r.limit("total", total, "value")
	if v, there := total["hard_area_value"]; there && v != nil {
		r.c.Variants = append(r.c.Variants, Variant{Code: words.HardAreaCode, Name: words.HardAreaName, Limit: r.limit("total.hard_area_value", total, "hard_area_value")})
	}
	if op := r.text(total, "operator"); op != "" && r.c.Limit.Known {
		r.c.Note = strings.TrimSpace(r.c.Note + "\n" + op + " " + r.text(total, "from"))
	}
	r.markAs("limit", "total", r.text(total, "evidence"), true)
	if _, there := m["supplement_notice"]; there {
		notice := r.object(m, "supplement_notice")
		r.c.SupplementNotice = r.limit("supplement_notice", notice, "value")
		r.mark("supplement_notice", r.text(notice, "evidence"), true)
	}
}

// limit reads an amount with its unit. A unit that may mean two things is a doubt; one
// that nobody knows leaves the limit unknown.
func (r *reader) limit(field string, m map[string]any, key string) Limit {
	raw, there := m[key]
	if !there || raw == nil {
		return Limit{} // the check says that it is unknown
	}
	n, ok := numberOf(raw)
	if !ok || n <= 0 || n > calendar.MaxDays {
		r.doubt(field, "number_unreadable")
		return Limit{}
	}
	word := text.Fold(r.text(m, "unit"))
	unit, ok := words.Units[word]
	if !ok {
		r.doubt(field, "unit_unknown", "unit", r.text(m, "unit"))
		return Limit{}
	}
	if slices.Contains(words.Doubtful, word) {
		r.doubt(field, "unit_read_as_working_days")
	}
	if n == math.Trunc(n) {
		return Limit{int64(n), unit, true}
	}
	minutes := n
	switch unit { // half a day is four hours, half an hour thirty minutes
	case calendar.WorkingDay:
		minutes *= dayMinutes
	case calendar.WorkingHour:
		minutes *= 60
	case calendar.CalendarDay:
		r.doubt(field, "number_unreadable")
		return Limit{}
	}
	return Limit{int64(math.Round(minutes)), calendar.Minute, true}
}

// steps reads the table. What feedback calls steps are limits beside each other, so they
// stay out.
func (r *reader) steps(m map[string]any, kind Kind) {
	list, given := r.objects(m, "steps")
	switch {
	case kind == Feedback:
		if len(list) > 0 {
			r.doubt("steps", "limits_not_steps")
		}
		return
	case !given || len(list) == 0:
		return // the check says that there is no table
	}
	defaults := 0
	for i, one := range list {
		n := strconv.Itoa(i + 1)
		s := process.Step{No: i + 1, Stage: 1, Actor: text.Clean(r.text(one, "actor")), Do: text.Clean(r.text(one, "do"))}
		if raw, there := one["stage"]; there {
			if st, ok := numberOf(raw); ok && st == math.Trunc(st) && st >= 1 && st <= 50 {
				s.Stage = int(st)
			} else {
				r.doubt("steps."+n+".stage", "number_unreadable")
			}
		}
		var sure bool
		if s.Group, sure = groupOf(s.Actor); !sure {
			r.doubt("steps."+n+".actor", "group_unclear", "actor", s.Actor)
		}
		s.Minutes, s.Known = r.minutes("steps."+n, one)
		if r.mark("steps."+n, r.text(one, "evidence"), false) == DesignDefault {
			defaults++
		}
		r.c.Steps = append(r.c.Steps, s)
	}
	if defaults > 0 {
		r.doubt("steps", "steps_default", "n", defaults)
	}
}

// minutes reads how long a step takes, in hours or days of work.
func (r *reader) minutes(field string, m map[string]any) (int, bool) {
	for _, one := range []struct {
		key  string
		each float64
	}{{"work_hours", 60}, {"work_days", r.hours * 60}} {
		raw, there := m[one.key]
		if !there || raw == nil {
			continue
		}
		n, ok := numberOf(raw)
		if !ok || n < 0 || n*one.each > calendar.MaxDays*dayMinutes {
			r.doubt(field+"."+one.key, "number_unreadable")
			return 0, false
		}
		return int(math.Round(n * one.each)), true
	}
	return 0, false
}

// groupOf reads what part an actor has from its words; sure is false when they do not say.
func groupOf(actor string) (g process.Group, sure bool) {
	fold := " " + text.Fold(actor) + " "
	for _, w := range words.Groups {
		if strings.HasPrefix(fold[1:], w[0]) || strings.Contains(fold, " "+w[0]+" ") {
			return process.Group(w[1]), true
		}
	}
	return process.Handler, false
}

// papers reads the documents. The files state no counts, so none is kept.
func (r *reader) papers(m map[string]any) {
	list, _ := r.objects(m, "documents")
	for i, one := range list {
		n := strconv.Itoa(i + 1)
		p := Component{Code: "TP" + n, Name: text.Clean(r.text(one, "name")), Required: true}
		if p.Name == "" {
			r.doubt("documents."+n, "name_missing")
			continue
		}
		for _, w := range words.IfAny {
			if at := strings.Index(text.Fold(p.Name), "("+w+")"); at >= 0 || strings.HasSuffix(text.Fold(p.Name), " "+w) {
				p.Required, p.RequiredIf = false, lastWords(p.Name, w)
			}
		}
		r.mark("components."+p.Code, r.text(one, "evidence"), false)
		r.c.Components = append(r.c.Components, p)
	}
	if len(r.c.Components) == 0 {
		r.doubt("documents", "papers_missing")
	} else {
		r.doubt("documents", "counts_missing")
	}
}

// lastWords takes as many words from the end of a name as the folded condition has.
func lastWords(name, condition string) string {
	all := strings.Fields(strings.Trim(name, "()"))
	n := len(strings.Fields(condition))
	return strings.Trim(strings.Join(all[max(0, len(all)-n):], " "), "()")
}

// fees reads the table of fees, or the words that stand instead.
func (r *reader) fees(m map[string]any) {
	if words, ok := m["fee"].(string); ok {
		r.c.FeeText = words
		r.doubt("fee", "fee_in_words", "words", words)
		return
	}
	list, given := r.objects(m, "fee")
	if !given {
		r.doubt("fee", "fee_missing")
		return
	}
	free := len(list) > 0
	for i, one := range list {
		n := strconv.Itoa(i + 1)
		f := Fee{From: FirstDay, To: LastDay, Area: text.Clean(r.text(one, "area"))}
		for _, key := range []string{"rooms", "case"} {
			if w := text.Clean(r.text(one, key)); w != "" {
				if rest, ok := strings.CutPrefix(w, ">="); ok {
					w = words.AtLeast + " " + strings.TrimSpace(rest)
				}
				f.Criterion = strings.TrimSpace(f.Criterion + " " + w)
				if key == "rooms" {
					f.Criterion += " " + words.PerRoom
				}
			}
		}
		amount, ok := r.money("fee."+n, one, "vnd")
		if !ok {
			if amount, ok = r.money("fee."+n, one, "vnd_per_room"); ok {
				f.PerUnit = words.PerRoom
			}
		}
		if !ok {
			r.doubt("fee."+n, "fee_no_amount")
			continue
		}
		f.Amount = amount
		if limit, ok := r.money("fee."+n, one, "cap"); ok {
			f.Cap = limit
		}
		free = free && f.Amount == 0
		r.mark("fees."+n, r.text(one, "evidence"), true)
		r.c.Fees = append(r.c.Fees, f)
	}
	if free {
		r.c.Pays = PaysNone
	}
	r.mark("fees", r.text(m, "fee_evidence"), true)
}

// money reads a sum in đồng; ok is false when the file does not state it.
func (r *reader) money(field string, m map[string]any, key string) (int64, bool) {
	raw, there := m[key]
	if !there || raw == nil {
		return 0, false
	}
	n, ok := numberOf(raw)
	if !ok || n < 0 || n > 1e15 || n != math.Trunc(n) {
		r.doubt(field+"."+key, "number_unreadable")
		return 0, false
	}
	return int64(n), true
}

// text reads a word; what is no text is a doubt.
func (r *reader) text(m map[string]any, key string) string {
	switch v := m[key].(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(text.NFC(strings.ToValidUTF8(strings.ReplaceAll(v, "\x00", ""), "")))
	}
	r.doubt(key, "not_text")
	return ""
}

func (r *reader) object(m map[string]any, key string) map[string]any {
	switch v := m[key].(type) {
	case nil:
		return nil
	case map[string]any:
		return v
	}
	r.doubt(key, "entry_shape")
	return nil
}

// objects reads a list of objects; given is false when there is none.
func (r *reader) objects(m map[string]any, key string) (list []map[string]any, given bool) {
	switch v := m[key].(type) {
	case nil:
		return nil, false
	case []any:
		for i, one := range v {
			if i == mostLines {
				r.doubt(key, "too_many", "max", mostLines)
				break
			}
			if o, ok := one.(map[string]any); ok {
				list = append(list, o)
			} else {
				r.doubt(key+"."+strconv.Itoa(i+1), "entry_shape")
			}
		}
		return list, true
	}
	r.doubt(key, "entry_shape")
	return nil, false
}

// list reads a list of words.
func (r *reader) list(m map[string]any, key string) (out []string) {
	all, _ := m[key].([]any)
	if m[key] != nil && all == nil {
		r.doubt(key, "entry_shape")
	}
	for _, one := range all {
		if w := r.text(map[string]any{key: one}, key); w != "" && len(out) < mostLines {
			out = append(out, w)
		}
	}
	return out
}

// numberOf reads a number, also one that was written as text.
func numberOf(v any) (float64, bool) {
	var word string
	switch v := v.(type) {
	case json.Number:
		word = v.String()
	case string:
		word = strings.ReplaceAll(strings.TrimSpace(v), ",", ".")
	default:
		return 0, false
	}
	n, err := strconv.ParseFloat(word, 64)
	return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}

func sortedKeys(m map[string]any) iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(m)))
}
