package counter

import (
	"time"

	"cchc/internal/clock"
)

// AppointmentState is where an appointment stands.
type AppointmentState string

// The states of an appointment.
const (
	Booked    AppointmentState = "booked"
	Arrived   AppointmentState = "arrived"
	Cancelled AppointmentState = "cancelled"
	NoShow    AppointmentState = "no_show"
)

// Appointment is a slot that somebody keeps (lịch hẹn).
type Appointment struct {
	ID, Agency, AgencyName string
	Queue, QueueName       string
	Day                    string
	StartMs                int64
	Code                   string
	Name, Phone            string
	Account                string // who booked for themselves, "" by phone
	State                  AppointmentState
	BookedMs               int64
	RemindedMs             int64
	Version                int64
}

// Slot is a beginning on a day with what is left of it.
type Slot struct {
	StartMs int64
	Left    int64
}

// workTime says whether a moment is inside an agency's hours.
type workTime interface{ Norm(time.Time) time.Time }

// slots lists the beginnings of a day at which somebody works through, after now, with
// what is left after those taken (by start).
func slots(cal workTime, day string, minutes, capacity int64, taken map[int64]int64, now time.Time) (list []Slot) {
	start, err := clock.ParseDay(day)
	if err != nil || minutes < 5 || capacity < 1 {
		return nil
	}
	step := time.Duration(minutes) * time.Minute
	for t := start; t.Before(start.AddDate(0, 0, 1)); t = t.Add(step) {
		last := t.Add(step - time.Minute)
		if !t.After(now) || !cal.Norm(t).Equal(t) || !cal.Norm(last).Equal(last) {
			continue
		}
		if left := capacity - taken[t.UnixMilli()]; left > 0 {
			list = append(list, Slot{t.UnixMilli(), left})
		}
	}
	return list
}

// codeAlphabet has nothing that is misheard on the phone or misread.
const codeAlphabet = "ACDEFHKMNPRTUVWXY3479"

// newCode makes the code of an appointment of six random bytes.
func newCode(random []byte) string {
	out := make([]byte, 6)
	for i := range out {
		out[i] = codeAlphabet[int(random[i])%len(codeAlphabet)]
	}
	return string(out)
}
