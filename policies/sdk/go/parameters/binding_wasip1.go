// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package parameters

import (
	"casefile/policy"
	raw "casefile/policy/internal/bindings/imports/casefile_policy_parameters"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func get(name string) (policy.Value, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Get(name)
	if result.Tag() == witTypes.ResultErr {
		var zero policy.Value
		return zero, lift.Absent(result.Err())
	}
	return lift.Value(result.Ok()), nil
}
