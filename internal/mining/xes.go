package mining

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"time"
)

// xesHead opens a log in the format of IEEE 1849-2016 (XES) with its four usual
// extensions; process-mining tools read it.
const xesHead = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Activity" keys="concept:name"/>
`

// xesWriter writes a log trace by trace, so that ten years need no memory. It names
// agencies and steps, never a person.
type xesWriter struct {
	out    io.Writer
	agency func(id string) string
}

func (x xesWriter) open(title string) error {
	_, err := io.WriteString(x.out, xesHead+attribute("string", "concept:name", title))
	return err
}

func (x xesWriter) close() error {
	_, err := io.WriteString(x.out, "</log>\n")
	return err
}

func (x xesWriter) trace(t Trace) error {
	s := "<trace>\n" + attribute("string", "concept:name", t.Code) + attribute("string", "cchc:version", t.Version) +
		attribute("boolean", "cchc:late", strconv.FormatBool(t.Late))
	for _, v := range t.Visits {
		for _, e := range []struct {
			word string
			at   time.Time
		}{{"assign", v.Entered}, {"start", v.Started}, {"complete", v.Done}} {
			if e.at.IsZero() {
				continue
			}
			s += "<event>\n" + attribute("string", "concept:name", v.Name) + attribute("int", "cchc:step", strconv.Itoa(v.Step)) +
				attribute("string", "lifecycle:transition", e.word) + attribute("string", "org:group", x.agency(v.Agency)) +
				attribute("date", "time:timestamp", e.at.Format("2006-01-02T15:04:05.000-07:00"))
			if e.word == "complete" && v.Outcome != "" {
				s += attribute("string", "cchc:outcome", v.Outcome)
			}
			s += "</event>\n"
		}
	}
	_, err := io.WriteString(x.out, s+"</trace>\n")
	return err
}

func attribute(kind, key, value string) string {
	return fmt.Sprintf("<%s key=\"%s\" value=\"%s\"/>\n", kind, key, escaped(value))
}

func escaped(s string) string {
	var b bytes.Buffer
	// Writing to memory cannot fail; what XML cannot hold becomes the replacement character.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
