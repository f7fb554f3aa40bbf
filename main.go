// Command cchc runs a province's administrative reform (cải cách hành chính) and
// measures it. Start reading at internal/app.
package main

import (
	"os"

	"cchc/internal/app"
)

func main() { os.Exit(app.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
