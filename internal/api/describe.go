package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"cchc/internal/errs"
	"cchc/internal/ui"
)

// describe is the head of the OpenAPI document. The library's hook that writes a
// "$schema" address from the request's Host is left out: a forged Host must not reach an
// answer. Its documentation page loads from outside and is off; page.templ is ours.
func describe(cfg Config) huma.Config {
	c := huma.DefaultConfig("cchc", orElse(cfg.Version, "1.0.0"))
	c.CreateHooks, c.DocsPath, c.OpenAPIPath, c.SchemasPath = nil, "", "", ""
	c.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	c.Info.Title = "Public administration reform API"
	c.Info.Description = "Plans, dossiers, feedback and figures of a province's administrative reform. " +
		"Every change is recorded with who made it; every figure can be opened to the records that it counted."
	c.Info.License = &huma.License{Name: "See the LICENSE file of the program", URL: "https://spdx.org/licenses/"}
	c.Info.Contact = &huma.Contact{Name: orElse(cfg.Contact, "Standing office for administrative reform"), Email: orElse(cfg.Email, "cchc@example.gov.vn")}
	c.Servers = []*huma.Server{{URL: "/", Description: "This installation"}}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer":  {Type: "http", Scheme: "bearer", Description: "A token that its owner made under account, tokens"},
		"session": {Type: "apiKey", In: "cookie", Name: "session", Description: "The session of a signed-in browser"},
	}
	return c
}

// describeOp is the OpenAPI side of an operation: who may, which statuses.
func (a *API) describeOp(op Op) huma.Operation {
	o := huma.Operation{OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Tags: []string{op.Tag},
		DefaultStatus: op.Status, MaxBodyBytes: op.MaxBytes, Errors: append([]int{400, 422, 429, 500, 503}, op.Errors...)}
	o.Description = op.Description + " Right: " + op.Right + "."
	if op.Right == ui.Public {
		o.Security = []map[string][]string{{}}
	} else {
		o.Security = []map[string][]string{{"bearer": {}}, {"session": {}}}
		o.Errors = append(o.Errors, 401, 403)
	}
	if op.Versioned {
		o.Errors = append(o.Errors, 412, 428)
	}
	if op.Method == http.MethodPost {
		o.Parameters = append(o.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Example: "0198c9a2-7b1e",
			Description: "Makes a repeat safe: the same key with the same body answers what the first call answered, with another body 422. Kept for a day.",
			Schema:      &huma.Schema{Type: "string", MinLength: new(8), MaxLength: new(128)}})
		o.Errors = append(o.Errors, 409)
	}
	slices.Sort(o.Errors)
	o.Errors = slices.Compact(o.Errors)
	return o
}

// finish completes what the library wrote: query names for the guard, an example on
// each problem so that a reader sees what it looks like.
func (a *API) finish(o *operation) {
	described := find(a.huma.OpenAPI(), o.Method, o.Path)
	for _, p := range described.Parameters {
		if p.In == "query" {
			o.query[p.Name] = true
		}
		if p.Description == "" && p.Schema != nil {
			p.Description = p.Schema.Description
		}
	}
	for status, answer := range described.Responses {
		code, err := strconv.Atoi(status)
		if err != nil || code < 400 {
			continue
		}
		if media := answer.Content["application/problem+json"]; media != nil {
			media.Example = Problem{Type: "urn:cchc:problem:" + exampleCode(code), Title: http.StatusText(code), Status: code,
				Detail: "What is wrong and what to do.", Code: exampleCode(code), Reference: "7F00A1B2C3"}
		}
	}
}

func exampleCode(status int) string {
	switch status {
	case 400:
		return "api.unknown_parameter"
	case 401:
		return "api.sign_in_first"
	case 403:
		return "api.right_missing"
	case 404:
		return "api.unknown_operation"
	case 409:
		return "api.still_running"
	case 412:
		return "api.version_old"
	case 413:
		return "api.too_large"
	case 422:
		return "api.invalid"
	case 428:
		return "api.if_match_missing"
	case 429:
		return "api.too_many"
	}
	return "api.failed"
}

func find(doc *huma.OpenAPI, method, path string) *huma.Operation {
	item := doc.Paths[path]
	switch method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodPatch:
		return item.Patch
	case http.MethodDelete:
		return item.Delete
	}
	return nil
}

// serveDocument is GET /api/openapi.json. It holds nothing about the caller, so a cache may keep it.
func (a *API) serveDocument(w http.ResponseWriter, r *http.Request) error {
	if len(r.URL.Query()) > 0 {
		a.problem(w, r, errs.New(errs.Invalid, "api.unknown_parameter", "name", "openapi.json"))
		return nil
	}
	body, err := json.MarshalIndent(a.huma.OpenAPI(), "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.oai.openapi+json; version=3.1")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, err = w.Write(body)
	return err
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
