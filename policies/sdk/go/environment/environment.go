// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package environment: Environment variables of processes. Sensitive: users grant it.
package environment

import (
	"casefile/policy"
)

// Variable: A variable.
type Variable struct {
	// Its name.
	Name string `wit:"name"`
	// Its value; none where it was hidden on the host.
	Value *string `wit:"value"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Get: One variable of a process as it started (/proc/PID/environ): absent
// where it was not set, unknown (redacted) where its value is hidden.
func Get(pid uint32, name string) (Variable, error) {
	return get(pid, name)
}

// Names: Names of all variables of a process, in order, hidden ones too.
func Names(pid uint32) ([]string, error) {
	return names(pid)
}

// OfStart: One variable of a start, by its index in the list of `start.starts`:
// absent where it is not set, unknown where its value is hidden or what
// the start's environment would be is not known.
func OfStart(index uint32, name string) (Variable, error) {
	return ofStart(index, name)
}

// NamesOfStart: Names of all variables of a start, in order.
func NamesOfStart(index uint32) ([]string, error) {
	return namesOfStart(index)
}
