package pages

import (
	"math"
	"strconv"
	"strings"

	"cchc/internal/procedure"
	"cchc/internal/ui"
)

// resultStates are the states of a dossier that a step may lead to (room dossier's words).
var resultStates = []string{"in_process", "coordinating", "approved", "rejected_result", "handed_to_counter", "returned"}

// hoursTyped writes minutes as hours in a field, "" when they are not known; hundredths
// of an hour are fine enough to read each minute back.
func hoursTyped(minutes int, known bool) string {
	if !known {
		return ""
	}
	return strings.Replace(strconv.FormatFloat(math.Round(float64(minutes)/60*100)/100, 'f', -1, 64), ".", ",", 1)
}

func limitTyped(l procedure.Limit) string {
	if !l.Known {
		return ""
	}
	return strconv.FormatInt(l.Amount, 10)
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

func variantChoices(c procedure.Content) (list []ui.Choice) {
	for _, v := range c.Variants {
		list = append(list, ui.Choice{Value: v.Code, Text: v.Name})
	}
	return list
}
