package process

// The namespaces of BPMN 2.0 (OMG formal/13-12-09) and of what we add to it.
const (
	nsModel = "http://www.omg.org/spec/BPMN/20100524/MODEL"
	nsDI    = "http://www.omg.org/spec/BPMN/20100524/DI"
	nsDC    = "http://www.omg.org/spec/DD/20100524/DC"
	nsDD    = "http://www.omg.org/spec/DD/20100524/DI"
	nsOurs  = "urn:cchc:process:1"
)

// Bounds of a file that somebody sends in.
const (
	mostBytes    = 2 << 20
	mostElements = 20_000
	mostDepth    = 12
)
