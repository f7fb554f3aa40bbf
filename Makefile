# make test runs everything that CI runs. See .ci/run for the rule on skips.
.PHONY: build test check unit browser openapi generate docs bench clean

build:            ## one static binary
	CGO_ENABLED=0 go build -trimpath -o cchc .

test:             ## everything: tools, checks, both engines, browser journeys
	@.ci/test

check:            ## format, vet, lint, generated code, documents
	@.ci/test check

unit:             ## Go tests on SQLite and PostgreSQL
	@.ci/test unit

browser:          ## journeys in Chromium with axe
	@.ci/test browser

openapi:          ## spectral and redocly on the OpenAPI document
	@.ci/test openapi

generate:         ## templ and the documents that are made from the code
	go tool templ generate
	go test ./internal/app -run "TestDocuments|TestReference" -update
	go test ./internal/event -run Kinds -update

bench: build      ## one table of measured figures
	./cchc bench

clean:
	rm -rf cchc e2e/out e2e/node_modules
