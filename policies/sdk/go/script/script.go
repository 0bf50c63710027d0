// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package script: The script that a component with an interpreter is to run.
package script

// Source: A script.
type Source struct {
	// The name of its file, for messages: `backlog.js`.
	Name string `wit:"name"`
	// Its text.
	Text string `wit:"text"`
}

// Get: The script that was attached to the component (a custom section
// `casefile:script` at its end); none where there is none.
func Get() *Source {
	return get()
}
