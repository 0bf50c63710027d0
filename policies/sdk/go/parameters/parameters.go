// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package parameters: The policy's own parameters.
package parameters

import (
	"casefile/policy"
)

// Get: The value of a parameter that the policy describes: the user's, else
// the default. Absent for a name that it does not describe.
func Get(name string) (policy.Value, error) {
	return get(name)
}
