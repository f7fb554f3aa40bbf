package inbox

// Registry holds the sources.
type Registry struct{ sources map[string]Source }

// NewRegistry makes an inbox without sources.
func NewRegistry() *Registry { return &Registry{sources: map[string]Source{}} }

// Add registers the source of a room, by the room's name.
func (r *Registry) Add(name string, s Source) {
	if _, twice := r.sources[name]; twice || name == "" {
		panic("inbox: source " + name + " is added twice")
	}
	r.sources[name] = s
}
