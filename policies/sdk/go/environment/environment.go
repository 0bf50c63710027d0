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
