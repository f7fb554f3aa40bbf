package process

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// ReadBPMN reads the subset that WriteBPMN writes, also after a modeller moved things
// about: lanes become actors, user tasks steps, arrows needs. What the subset has no
// place for is refused, never dropped. A task without our own element has no known time
// and no group; Check names both. Refusals: process.bpmn_too_large,
// process.bpmn_unreadable, process.bpmn_element (with the name), process.bpmn_flow,
// process.bpmn_empty, process.bpmn_loop, process.bpmn_start (a task in the middle of the
// table that waits for nothing: a table of steps cannot say that), process.too_many_steps.
func ReadBPMN(raw []byte) ([]Step, error) {
	if len(raw) > mostBytes {
		return nil, errs.New(errs.TooLarge, "process.bpmn_too_large", "max", mostBytes>>20)
	}
	r := bpmnReader{node: map[string]*node{}, lane: map[string]string{}}
	if err := r.parse(xml.NewDecoder(bytes.NewReader(raw))); err != nil {
		return nil, err
	}
	return r.table()
}

type node struct {
	kind string // userTask, parallelGateway, startEvent, endEvent
	step Step
	in   []string
}

type bpmnReader struct {
	node  map[string]*node
	order []string // ids of user tasks as they stand in the file
	lane  map[string]string
	flow  [][2]string
}

// allowed are the elements of the subset, each with where it may stand.
var allowed = map[string][]string{
	"definitions": {""}, "process": {"definitions"}, "laneSet": {"process"}, "lane": {"laneSet"}, "flowNodeRef": {"lane"},
	"startEvent": {"process"}, "endEvent": {"process"}, "userTask": {"process"}, "parallelGateway": {"process"}, "sequenceFlow": {"process"},
	"incoming": {"startEvent", "endEvent", "userTask", "parallelGateway"}, "outgoing": {"startEvent", "endEvent", "userTask", "parallelGateway"},
	"extensionElements": {"userTask"},
}

// parse walks the document once. Everything of the diagram's own namespaces is passed
// over: it says where things stand, not what they are.
func (r *bpmnReader) parse(d *xml.Decoder) error {
	d.Strict, d.Entity = true, nil // no entity but the five of XML
	unreadable := errs.New(errs.Invalid, "process.bpmn_unreadable")
	var path []string
	lane, task, count := "", "", 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return unreadable
		}
		switch t := tok.(type) {
		case xml.Directive:
			return errs.New(errs.Invalid, "process.bpmn_element", "name", "DOCTYPE")
		case xml.ProcInst:
			if t.Target != "xml" {
				return errs.New(errs.Invalid, "process.bpmn_element", "name", t.Target)
			}
		case xml.StartElement:
			if count++; count > mostElements || len(path) > mostDepth {
				return errs.New(errs.TooLarge, "process.bpmn_too_large", "max", mostBytes>>20)
			}
			parent := ""
			if len(path) > 0 {
				parent = path[len(path)-1]
			}
			if err := r.element(t, parent, &lane, &task); err != nil {
				return err
			}
			path = append(path, t.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if n := len(path); n > 0 && path[n-1] == "flowNodeRef" {
				r.lane[string(bytes.TrimSpace(t))] = lane
			}
		}
	}
	if count == 0 {
		return unreadable
	}
	return nil
}

func (r *bpmnReader) element(t xml.StartElement, parent string, lane, task *string) error {
	name := t.Name.Local
	refuse := errs.New(errs.Invalid, "process.bpmn_element", "name", name)
	switch t.Name.Space {
	case nsDI, nsDC, nsDD:
		return nil
	case nsOurs:
		n := r.node[*task]
		if name != "step" || parent != "extensionElements" || n == nil {
			return refuse
		}
		return ourStep(t, &n.step)
	case nsModel:
	default:
		return refuse
	}
	if !slices.Contains(allowed[name], parent) {
		return refuse
	}
	id := attribute(t, "id")
	switch name {
	case "lane":
		*lane = text.Clean(attribute(t, "name"))
	case "startEvent", "endEvent", "parallelGateway", "userTask":
		if id == "" || r.node[id] != nil {
			return errs.New(errs.Invalid, "process.bpmn_flow", "id", id)
		}
		n := &node{kind: name}
		if name == "userTask" {
			*task = id
			r.order = append(r.order, id)
			n.step = Step{Stage: 1, Do: text.Clean(attribute(t, "name"))}
		}
		r.node[id] = n
	case "sequenceFlow":
		r.flow = append(r.flow, [2]string{attribute(t, "sourceRef"), attribute(t, "targetRef")})
	}
	return nil
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// ourStep reads what BPMN has no word for.
func ourStep(t xml.StartElement, s *Step) error {
	for _, a := range t.Attr {
		if a.Name.Space != "" || a.Name.Local == "xmlns" {
			continue
		}
		var err error
		switch a.Name.Local {
		case "group":
			s.Group = Group(a.Value)
		case "stage":
			s.Stage, err = strconv.Atoi(a.Value)
		case "minutes":
			s.Minutes, err = strconv.Atoi(a.Value)
		case "onlineMinutes":
			s.OnlineMinutes, err = strconv.Atoi(a.Value)
		case "known":
			s.Known, err = strconv.ParseBool(a.Value)
		case "back":
			s.MaySendBack, err = strconv.ParseBool(a.Value)
		case "result":
			s.ResultState = a.Value
		case "parallel":
			s.Parallel = text.Clean(a.Value)
		default:
			err = errors.New("unknown attribute")
		}
		if err != nil {
			return errs.New(errs.Invalid, "process.bpmn_element", "name", "step "+a.Name.Local)
		}
	}
	return nil
}

// table makes steps of tasks: actors from lanes, needs from the arrows, gateways passed
// through. Tasks keep the order of the file.
func (r *bpmnReader) table() ([]Step, error) {
	switch n := len(r.order); {
	case n == 0:
		return nil, errs.New(errs.Invalid, "process.bpmn_empty")
	case n > MostSteps:
		return nil, errs.New(errs.TooLarge, "process.too_many_steps", "max", MostSteps)
	}
	for _, f := range r.flow {
		if r.node[f[0]] == nil || r.node[f[1]] == nil {
			return nil, errs.New(errs.Invalid, "process.bpmn_flow", "id", f[0]+" → "+f[1])
		}
		r.node[f[1]].in = append(r.node[f[1]].in, f[0])
	}
	no := map[string]int{}
	for i, id := range r.order {
		no[id] = i + 1
	}
	steps := make([]Step, 0, len(r.order))
	for _, id := range r.order {
		s := r.node[id].step
		s.No, s.Actor = no[id], r.lane[id]
		needs, fine := r.tasksBefore(id)
		if !fine {
			return nil, errs.New(errs.Invalid, "process.bpmn_loop")
		}
		for _, b := range needs {
			s.Needs = append(s.Needs, no[b])
		}
		slices.Sort(s.Needs)
		steps = append(steps, s)
	}
	bare := slices.Clone(steps)
	for i := range bare {
		bare[i].Needs = nil
	}
	implied := Before(bare)
	for _, s := range steps {
		if len(s.Needs) == 0 && len(implied[s.No]) > 0 {
			return nil, errs.New(errs.Invalid, "process.bpmn_start", "step", s.No)
		}
	}
	return Plain(steps), nil
}

// tasksBefore are the tasks that a task waits for, through gateways; fine is false when
// gateways lead to each other in a circle.
func (r *bpmnReader) tasksBefore(id string) (list []string, fine bool) {
	seen := map[string]bool{}
	queue := slices.Clone(r.node[id].in)
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		switch r.node[at].kind {
		case "userTask":
			if !slices.Contains(list, at) {
				list = append(list, at)
			}
		case "parallelGateway":
			if seen[at] {
				continue
			}
			seen[at] = true
			queue = append(queue, r.node[at].in...)
		}
	}
	return list, len(list) > 0 || len(seen) == 0 || r.startsBehind(id, map[string]bool{})
}

// startsBehind says whether the start of the process leads to an element through
// gateways alone.
func (r *bpmnReader) startsBehind(id string, seen map[string]bool) bool {
	if seen[id] {
		return false
	}
	seen[id] = true
	return slices.ContainsFunc(r.node[id].in, func(from string) bool {
		k := r.node[from].kind
		return k == "startEvent" || k == "parallelGateway" && r.startsBehind(from, seen)
	})
}

// Plain takes away needs that the order of the table says already, so that equal ways
// have equal tables. A first step cannot say that it waits for nothing, nor can a later
// one: it then follows the line above.
func Plain(steps []Step) []Step {
	out := slices.Clone(steps)
	bare := slices.Clone(steps)
	for i := range bare {
		bare[i].Needs = nil
	}
	implied := Before(bare)
	for i, s := range out {
		needs := slices.Compact(slices.Sorted(slices.Values(s.Needs)))
		if slices.Equal(needs, implied[s.No]) {
			needs = nil
		}
		out[i].Needs = needs
	}
	return out
}
