// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package sysctl

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_sysctl"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func get(name string) (Setting, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Get(name)
	if result.Tag() == witTypes.ResultErr {
		var zero Setting
		return zero, lift.Absent(result.Err())
	}
	return liftSetting(result.Ok()), nil
}

func getNumber(name string) (Number, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetNumber(name)
	if result.Tag() == witTypes.ResultErr {
		var zero Number
		return zero, lift.Absent(result.Err())
	}
	return liftNumber(result.Ok()), nil
}

func names(prefix string) ([]string, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Names(prefix)
	if result.Tag() == witTypes.ResultErr {
		var zero []string
		return zero, lift.Absent(result.Err())
	}
	return result.Ok(), nil
}

func liftSetting(from raw.Setting) Setting {
	var to Setting
	to.Text = from.Text
	to.Evidence = from.Evidence
	return to
}

func liftNumber(from raw.Number) Number {
	var to Number
	to.Value = from.Value
	to.Evidence = from.Evidence
	return to
}
