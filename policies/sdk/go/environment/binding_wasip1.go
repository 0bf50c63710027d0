// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package environment

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_environment"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func get(pid uint32, name string) (Variable, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Get(pid, name)
	if result.Tag() == witTypes.ResultErr {
		var zero Variable
		return zero, lift.Absent(result.Err())
	}
	return liftVariable(result.Ok()), nil
}

func names(pid uint32) ([]string, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Names(pid)
	if result.Tag() == witTypes.ResultErr {
		var zero []string
		return zero, lift.Absent(result.Err())
	}
	return result.Ok(), nil
}

func ofStart(index uint32, name string) (Variable, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.OfStart(index, name)
	if result.Tag() == witTypes.ResultErr {
		var zero Variable
		return zero, lift.Absent(result.Err())
	}
	return liftVariable(result.Ok()), nil
}

func namesOfStart(index uint32) ([]string, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.NamesOfStart(index)
	if result.Tag() == witTypes.ResultErr {
		var zero []string
		return zero, lift.Absent(result.Err())
	}
	return result.Ok(), nil
}

func liftVariable(from raw.Variable) Variable {
	var to Variable
	to.Name = from.Name
	to.Value = from.Value.Pointer()
	to.Evidence = from.Evidence
	return to
}
