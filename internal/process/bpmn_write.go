package process

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// WriteBPMN writes a table as a BPMN 2.0 document with its diagram: a lane an actor, a
// user task a step, parallel gateways where work parts and meets, and an element of our
// own in each task for what BPMN has no word for. id names the process ([a-z0-9_-]).
// Equal tables give equal documents.
func WriteBPMN(id, name string, steps []Step) []byte {
	w := bpmnWriter{before: Before(steps), steps: steps, picture: Draw(steps)}
	w.after = After(w.before)
	w.flows()
	w.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	w.line(`<bpmn:definitions xmlns:bpmn="%s" xmlns:bpmndi="%s" xmlns:dc="%s" xmlns:di="%s" xmlns:cchc="%s" id="definitions" targetNamespace="%s">`, nsModel, nsDI, nsDC, nsDD, nsOurs, nsOurs)
	w.line(`  <bpmn:process id="p_%s" name="%s" isExecutable="false">`, escape(id), escape(name))
	w.lanes()
	w.line(`    <bpmn:startEvent id="start">%s</bpmn:startEvent>`, w.ends("start"))
	for _, s := range steps {
		w.task(s)
	}
	w.line(`    <bpmn:endEvent id="end">%s</bpmn:endEvent>`, w.ends("end"))
	for _, f := range w.list {
		w.line(`    <bpmn:sequenceFlow id="%s" sourceRef="%s" targetRef="%s" />`, f.id(), f.from, f.to)
	}
	w.line(`  </bpmn:process>`)
	w.diagram(id)
	w.line(`</bpmn:definitions>`)
	return []byte(w.out.String())
}

type seqFlow struct{ from, to string }

func (f seqFlow) id() string { return "f_" + f.from + "_" + f.to }

type bpmnWriter struct {
	out           strings.Builder
	steps         []Step
	before, after map[int][]int
	picture       Picture
	list          []seqFlow
	lane          map[string][]string // actor -> ids of its tasks and gateways
}

func (w *bpmnWriter) line(format string, args ...any) { fmt.Fprintf(&w.out, format+"\n", args...) }

func escape(s string) string {
	var b strings.Builder
	// EscapeText writes to a Builder, which never fails.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// flows are the arrows between elements. A step that several wait for passes a gateway
// "split_n", one that waits for several a gateway "join_n".
func (w *bpmnWriter) flows() {
	var first, last []int
	for _, s := range w.steps {
		if len(w.before[s.No]) == 0 {
			first = append(first, s.No)
		}
		if len(w.after[s.No]) == 0 {
			last = append(last, s.No)
		}
	}
	w.lane = map[string][]string{}
	from := w.source("start", "split_start", first)
	for _, no := range first {
		w.list = append(w.list, seqFlow{from, w.target(no)})
	}
	for _, s := range w.steps {
		id := taskID(s.No)
		if len(w.before[s.No]) > 1 {
			w.list = append(w.list, seqFlow{joinID(s.No), id})
			w.lane[s.Actor] = append(w.lane[s.Actor], joinID(s.No))
		}
		w.lane[s.Actor] = append(w.lane[s.Actor], id)
		out := w.source(id, splitID(s.No), w.after[s.No])
		if out != id {
			w.lane[s.Actor] = append(w.lane[s.Actor], out)
		}
		for _, to := range w.after[s.No] {
			w.list = append(w.list, seqFlow{out, w.target(to)})
		}
	}
	end := "end"
	if len(last) > 1 {
		end = "join_end"
		w.list = append(w.list, seqFlow{end, "end"})
	}
	for _, no := range last {
		w.list = append(w.list, seqFlow{taskID(no), end})
	}
}

func taskID(no int) string  { return "step_" + strconv.Itoa(no) }
func joinID(no int) string  { return "join_" + strconv.Itoa(no) }
func splitID(no int) string { return "split_" + strconv.Itoa(no) }

// source is where the arrows to several steps begin: a gateway behind the element.
func (w *bpmnWriter) source(id, gateway string, to []int) string {
	if len(to) < 2 {
		return id
	}
	w.list = append(w.list, seqFlow{id, gateway})
	return gateway
}

func (w *bpmnWriter) target(no int) string {
	if len(w.before[no]) > 1 {
		return joinID(no)
	}
	return taskID(no)
}

// ends writes the incoming and outgoing arrows of an element, as the schema wants them.
func (w *bpmnWriter) ends(id string) string {
	var b strings.Builder
	for _, f := range w.list {
		if f.to == id {
			b.WriteString("<bpmn:incoming>" + f.id() + "</bpmn:incoming>")
		}
	}
	for _, f := range w.list {
		if f.from == id {
			b.WriteString("<bpmn:outgoing>" + f.id() + "</bpmn:outgoing>")
		}
	}
	return b.String()
}

func (w *bpmnWriter) lanes() {
	if len(w.picture.Lanes) == 0 {
		return
	}
	w.line(`    <bpmn:laneSet id="lanes">`)
	for i, l := range w.picture.Lanes {
		w.line(`      <bpmn:lane id="lane_%d" name="%s">`, i+1, escape(l.Actor))
		ids := w.lane[l.Actor]
		if i == 0 {
			ids = append([]string{"start"}, ids...)
			for _, f := range w.list {
				if f.from == "start" && f.to == "split_start" {
					ids = append(ids, "split_start")
				}
			}
		}
		if i == len(w.picture.Lanes)-1 {
			ids = append(slices.Clone(ids), "end")
			if slices.ContainsFunc(w.list, func(f seqFlow) bool { return f.from == "join_end" }) {
				ids = append(ids, "join_end")
			}
		}
		for _, id := range ids {
			w.line(`        <bpmn:flowNodeRef>%s</bpmn:flowNodeRef>`, id)
		}
		w.line(`      </bpmn:lane>`)
	}
	w.line(`    </bpmn:laneSet>`)
}

func (w *bpmnWriter) task(s Step) {
	if len(w.before[s.No]) > 1 {
		w.gateway(joinID(s.No))
	}
	w.line(`    <bpmn:userTask id="%s" name="%s">`, taskID(s.No), escape(s.Do))
	w.line(`      <bpmn:extensionElements><cchc:step group="%s" stage="%d" minutes="%d" onlineMinutes="%d" known="%t" back="%t" result="%s" parallel="%s" /></bpmn:extensionElements>`,
		escape(string(s.Group)), s.Stage, s.Minutes, s.OnlineMinutes, s.Known, s.MaySendBack, escape(s.ResultState), escape(s.Parallel))
	w.line(`      %s`, w.ends(taskID(s.No)))
	w.line(`    </bpmn:userTask>`)
	if len(w.after[s.No]) > 1 {
		w.gateway(splitID(s.No))
	}
	if s.No == w.steps[0].No && slices.ContainsFunc(w.list, func(f seqFlow) bool { return f.to == "split_start" }) {
		w.gateway("split_start")
	}
	if s.No == w.steps[len(w.steps)-1].No && slices.ContainsFunc(w.list, func(f seqFlow) bool { return f.from == "join_end" }) {
		w.gateway("join_end")
	}
}

func (w *bpmnWriter) gateway(id string) {
	w.line(`    <bpmn:parallelGateway id="%s">%s</bpmn:parallelGateway>`, id, w.ends(id))
}

// diagram writes where everything stands (BPMN DI), so that a modeller opens a picture.
func (w *bpmnWriter) diagram(id string) {
	w.line(`  <bpmndi:BPMNDiagram id="diagram">`)
	w.line(`    <bpmndi:BPMNPlane id="plane" bpmnElement="p_%s">`, escape(id))
	at := map[string][4]int{}
	for i, l := range w.picture.Lanes {
		at["lane_"+strconv.Itoa(i+1)] = [4]int{0, l.Y, w.picture.Width + gapWide, l.High}
	}
	high := gapHigh
	for _, b := range w.picture.Boxes {
		at[taskID(b.No)] = [4]int{b.X, b.Y, b.Wide, b.High}
		at[joinID(b.No)] = [4]int{b.X - 30, b.Y + b.High/2 - 12, 24, 24}
		at[splitID(b.No)] = [4]int{b.X + b.Wide + 6, b.Y + b.High/2 - 12, 24, 24}
		high = max(high, b.Y)
	}
	at["start"] = [4]int{laneLabel - 26, gapHigh * 3, 24, 24}
	at["split_start"] = [4]int{laneLabel + 4, gapHigh * 3, 24, 24}
	at["join_end"] = [4]int{w.picture.Width - 30, high + boxHigh/2, 24, 24}
	at["end"] = [4]int{w.picture.Width + 6, high + boxHigh/2, 24, 24}
	for i := range w.picture.Lanes {
		w.shape("lane_"+strconv.Itoa(i+1), at, ` isHorizontal="true"`)
	}
	nodes := []string{"start"}
	for _, f := range w.list {
		for _, n := range []string{f.from, f.to} {
			if !slices.Contains(nodes, n) {
				nodes = append(nodes, n)
			}
		}
	}
	for _, n := range nodes {
		w.shape(n, at, "")
	}
	for _, f := range w.list {
		a, b := at[f.from], at[f.to]
		w.line(`      <bpmndi:BPMNEdge id="%s_di" bpmnElement="%s"><di:waypoint x="%d" y="%d" /><di:waypoint x="%d" y="%d" /></bpmndi:BPMNEdge>`, f.id(), f.id(),
			a[0]+a[2], a[1]+a[3]/2, b[0], b[1]+b[3]/2)
	}
	w.line(`    </bpmndi:BPMNPlane>`)
	w.line(`  </bpmndi:BPMNDiagram>`)
}

func (w *bpmnWriter) shape(id string, at map[string][4]int, more string) {
	b := at[id]
	w.line(`      <bpmndi:BPMNShape id="%s_di" bpmnElement="%s"%s><dc:Bounds x="%d" y="%d" width="%d" height="%d" /></bpmndi:BPMNShape>`, id, id, more, b[0], b[1], b[2], b[3])
}
