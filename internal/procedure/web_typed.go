package procedure

import (
	"strconv"
	"strings"

	"cchc/internal/ui"
)

// resultStates are the states of a dossier that a step may lead to (room dossier's words).
var resultStates = []string{"in_process", "coordinating", "approved", "rejected_result", "handed_to_counter", "returned"}

// hoursTyped writes minutes as hours in a field, "" when they are not known.
func hoursTyped(minutes int, known bool) string {
	if !known {
		return ""
	}
	return strings.Replace(strconv.FormatFloat(float64(minutes)/60, 'f', -1, 64), ".", ",", 1)
}

func numberTyped(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func limitTyped(l Limit) string {
	if !l.Known {
		return ""
	}
	return strconv.FormatInt(l.Amount, 10)
}

// openEnd leaves the open end of a validity empty.
func openEnd(day string) string {
	if day == FirstDay || day == LastDay {
		return ""
	}
	return day
}

func joined(list []int) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = strconv.Itoa(n)
	}
	return strings.Join(out, ", ")
}

func yesIf(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

func yesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

func variantChoices(c Content) (list []ui.Choice) {
	for _, v := range c.Variants {
		list = append(list, ui.Choice{Value: v.Code, Text: v.Name})
	}
	return list
}
