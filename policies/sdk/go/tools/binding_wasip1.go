// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package tools

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_tools"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func names() []string {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	return raw.Names()
}

func get(name string) (Tool, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Get(name)
	if result.Tag() == witTypes.ResultErr {
		var zero Tool
		return zero, lift.Absent(result.Err())
	}
	return liftTool(result.Ok()), nil
}

func liftTLSLibrary(from raw.TlsLibrary) TLSLibrary {
	var to TLSLibrary
	to.Name = from.Name
	to.Path = from.Path
	to.Version = from.Version.Pointer()
	to.Package = from.Package.Pointer()
	to.Evidence = from.Evidence
	return to
}

func liftTool(from raw.Tool) Tool {
	var to Tool
	to.Name = from.Name
	to.Path = from.Path
	to.Version = from.Version.Pointer()
	to.Package = from.Package.Pointer()
	to.TLS = lift.Each(from.Tls, liftTLSLibrary)
	to.Unknown = lift.Each(from.Unknown, lift.Absent)
	to.Evidence = from.Evidence
	return to
}
