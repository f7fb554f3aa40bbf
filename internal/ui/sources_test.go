package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// parts are the exported components and those that an example or another component uses.
type parts struct{ defined, shown map[string]bool }

var (
	componentDef = regexp.MustCompile(`(?m)^templ ([A-Z][A-Za-z]*)\(`)
	componentUse = regexp.MustCompile(`[@( ]([A-Z][A-Za-z]*)\(`)
)

func templSources() (p parts, err error) {
	p = parts{defined: map[string]bool{}, shown: map[string]bool{}}
	names, err := filepath.Glob("*.templ")
	if err != nil {
		return p, err
	}
	for _, name := range append(names, "examples_table.go") {
		src, err := os.ReadFile(name)
		if err != nil {
			return p, err
		}
		for _, m := range componentDef.FindAllStringSubmatch(string(src), -1) {
			p.defined[m[1]] = true
		}
		if strings.HasPrefix(name, "examples") {
			for _, m := range componentUse.FindAllStringSubmatch(string(src), -1) {
				p.shown[m[1]] = true
			}
		}
	}
	return p, nil
}
