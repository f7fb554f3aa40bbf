package dossier

import (
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// What is counted as it happens; the dimensions of all are the procedure and the channel.
const (
	CountReceived       = "dossier.received"         // competent agency, day of receipt
	CountTakenIn        = "dossier.taken_in"         // receiving agency: a dossier for another agency counts at both
	CountAnswered       = "dossier.answered"         // receiving agency: first answer to what was sent online
	CountAnsweredOnTime = "dossier.answered_on_time" // within its working hours
	CountFinished       = "dossier.finished"         // competent agency: signed, withdrawn, stopped or closed
	CountDated          = "dossier.finished_dated"   // of these, with a limit that somebody stated
	CountOnTime         = "dossier.finished_on_time" // by the date promised last
	CountOnTimeByClock  = "dossier.on_time_by_clock" // by the limit and its pauses alone
	CountDigitised      = "dossier.digitised"        // finished, with every paper digitised that is to be
	CountPaid           = "dossier.paid"
	CountPaidOnline     = "dossier.paid_online"
)

// book appends one count with the dimensions of its dossier.
func (c count) book(tx *db.Tx, d Dossier) error {
	return indicator.Count(tx, c.code, c.agency, c.day, [2]string{d.Procedure, string(d.Channel)}, c.n)
}

var dims = [2]string{"procedure", "channel"}

// counter is one of them with the recount from its records. Each recount reads the
// dossiers of the days through an index, grouped by the database.
func counter(code string, from func(tx *db.Tx, fromMs, toMs int64) ([]tally, error)) indicator.Counter {
	return indicator.Counter{Code: code, Dims: dims, Recount: func(tx *db.Tx, fromDay, toDay string, add func(string, string, [2]string, int64)) error {
		list, err := from(tx, startOfDay(fromDay), endOfDay(toDay).UnixMilli())
		for _, t := range list {
			add(t.agency, t.dayText(), [2]string{t.procedure, t.channel}, t.n)
		}
		return err
	}}
}

var (
	countReceived       = counter(CountReceived, tallyReceived)
	countTakenIn        = counter(CountTakenIn, tallyTakenIn)
	countAnswered       = counter(CountAnswered, tallyAnswered)
	countAnsweredOnTime = counter(CountAnsweredOnTime, tallyAnsweredOnTime)
	countFinished       = counter(CountFinished, tallyFinished)
	countDated          = counter(CountDated, tallyDated)
	countOnTime         = counter(CountOnTime, tallyOnTime)
	countOnTimeByClock  = counter(CountOnTimeByClock, tallyOnTimeByClock)
	countDigitised      = counter(CountDigitised, tallyDigitised)
	countPaid           = counter(CountPaid, tallyPaid)
	countPaidOnline     = counter(CountPaidOnline, tallyPaidOnline)
)

// Counters are what the room counts as it happens, for the recount.
func Counters() []indicator.Counter {
	return []indicator.Counter{countReceived, countTakenIn, countAnswered, countAnsweredOnTime, countFinished, countDated, countOnTime, countOnTimeByClock, countDigitised, countPaid,
		countPaidOnline}
}

// Indicators are the figures of the room (one-stop.md sections 9 and 15). The dimensions
// "procedure" and "channel" narrow the flows.
func Indicators() []indicator.Indicator {
	return []indicator.Indicator{
		flowOf("dossier.received", "", countReceived, openReceived),
		flowOf("dossier.taken_in", "", countTakenIn, openTakenIn),
		flowOf("dossier.finished", "", countFinished, openFinished),
		rateOf("dossier.on_time_rate", countOnTime, countDated, openOnTime),
		rateOf("dossier.on_time_by_clock_rate", countOnTimeByClock, countDated, openOnTimeByClock),
		late(),
		rateOf("dossier.reception_on_time_rate", countAnsweredOnTime, countAnswered, openAnsweredOnTime),
		rateOf("dossier.digitised_rate", countDigitised, countFinished, openDigitised),
		onlineRate(),
		rateOf("dossier.paid_online_rate", countPaidOnline, countPaid, openPaidOnline),
		stockOf("dossier.open", "", readOpen, openOpen),
		stockOf("dossier.overdue", indicator.Lower, readOverdue, openOverdue),
	}
}

type opener func(tx *db.Tx, s indicator.Scope, p indicator.Period, after string, limit int) (indicator.Records, error)

func flowOf(code, better string, c indicator.Counter, open opener) indicator.Indicator {
	return indicator.Indicator{Code: code, Unit: "count", BetterIs: better, Area: 2, Kind: indicator.Flow, Read: indicator.ReadCount(c), Points: indicator.PointsCount(c), Open: open}
}

func rateOf(code string, part, whole indicator.Counter, open opener) indicator.Indicator {
	return indicator.Indicator{Code: code, Unit: "percent", BetterIs: indicator.Higher, Area: 2, Kind: indicator.Flow, Read: indicator.ReadRate(part, whole, 1),
		Points: indicator.PointsRate(part, whole, 1), Open: open}
}

// late is the number finished late by the date promised last: with a limit, not on time.
func late() indicator.Indicator {
	return indicator.Indicator{Code: "dossier.finished_late", Unit: "count", BetterIs: indicator.Lower, Area: 2, Kind: indicator.Flow, Open: openLate,
		Read: func(tx *db.Tx, s indicator.Scope, p indicator.Period) (indicator.Reading, error) {
			all, err := countDated.Sum(tx, s, p)
			if err != nil {
				return indicator.Reading{}, err
			}
			good, err := countOnTime.Sum(tx, s, p)
			return indicator.Number(all-good, s.Now), err
		}}
}

// onlineRate is the share of what was received that had been sent online.
func onlineRate() indicator.Indicator {
	return indicator.Indicator{Code: "dossier.online_rate", Unit: "percent", BetterIs: indicator.Higher, Area: 2, Kind: indicator.Flow, Open: openOnline,
		Read: func(tx *db.Tx, s indicator.Scope, p indicator.Period) (indicator.Reading, error) {
			all, err := countReceived.Sum(tx, s, p)
			if err != nil {
				return indicator.Reading{}, err
			}
			online, err := countReceived.Sum(tx, narrowed(s, "channel", string(Online)), p)
			return indicator.Rate(online, all, 1, s.Now), err
		}}
}

// narrowed is a scope with one more dimension; one that asks for another value of it
// already stays as it is, so that the part is never more than the whole.
func narrowed(s indicator.Scope, name, value string) indicator.Scope {
	more := map[string]string{name: value}
	for k, v := range s.Dims {
		if k == name && v != "" && v != value {
			v = "-" // another channel: none of these came online
		}
		if v != "" {
			more[k] = v
		}
	}
	s.Dims = more
	return s
}

func stockOf(code, better string, read func(*db.Tx, indicator.Scope, int64) (int64, error), open opener) indicator.Indicator {
	return indicator.Indicator{Code: code, Unit: "count", BetterIs: better, Area: 2, Kind: indicator.Stock, Open: open,
		Read: func(tx *db.Tx, s indicator.Scope, p indicator.Period) (indicator.Reading, error) {
			n, err := read(tx, s, momentOf(s, p))
			return indicator.Number(n, s.Now), err
		}}
}

// momentOf is the moment at which a stock is taken: the end of the day, now for today.
func momentOf(s indicator.Scope, p indicator.Period) int64 {
	return min(endOfDay(p.OnDay).UnixMilli(), s.NowMs())
}
