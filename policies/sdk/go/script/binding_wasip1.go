// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package script

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_script"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
)

func get() *Source {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	return lift.Optional(raw.Get(), liftSource)
}

func liftSource(from raw.Source) Source {
	var to Source
	to.Name = from.Name
	to.Text = from.Text
	return to
}
