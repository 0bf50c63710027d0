// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package data

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_data"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func names() []string {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	return raw.Names()
}

func read(name string) ([]uint8, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Read(name)
	if result.Tag() == witTypes.ResultErr {
		var zero []uint8
		return zero, lift.Absent(result.Err())
	}
	return result.Ok(), nil
}

func readText(name string) (string, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.ReadText(name)
	if result.Tag() == witTypes.ResultErr {
		var zero string
		return zero, lift.Absent(result.Err())
	}
	return result.Ok(), nil
}
