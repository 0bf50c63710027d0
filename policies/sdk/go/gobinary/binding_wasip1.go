// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package gobinary

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_go_binary"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func get(path string) (Program, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Get(path)
	if result.Tag() == witTypes.ResultErr {
		var zero Program
		return zero, lift.Absent(result.Err())
	}
	return liftProgram(result.Ok()), nil
}

func dependencies(path string, offset uint32, limit uint32) ([]Module, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Dependencies(path, offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Module
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftModule), nil
}

func functions(path string, filter FunctionFilter, offset uint32, limit uint32) ([]Function, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Functions(path, lowerFunctionFilter(filter), offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Function
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftFunction), nil
}

func calls(path string, filter CallFilter, offset uint32, limit uint32) ([]Call, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Calls(path, lowerCallFilter(filter), offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Call
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftCall), nil
}

func liftModule(from raw.Module) Module {
	var to Module
	to.Path = from.Path
	to.Version = from.Version
	to.Sum = from.Sum
	to.ReplacedBy = lift.Optional(from.ReplacedBy, func(from witTypes.Tuple2[string, string]) [2]string {
		return [2]string{from.F0, from.F1}
	})
	return to
}

func liftSetting(from raw.Setting) Setting {
	var to Setting
	to.Key = from.Key
	to.Value = from.Value
	return to
}

func liftLinkKind(from raw.LinkKind) LinkKind {
	return LinkKind(from)
}

func liftProgram(from raw.Program) Program {
	var to Program
	to.Version = from.Version
	to.Path = from.Path
	to.Main = lift.Optional(from.Main, liftModule)
	to.Settings = lift.Each(from.Settings, liftSetting)
	to.Link = liftLinkKind(from.Link)
	to.Linker = from.Linker.Pointer()
	to.Stripped = from.Stripped
	to.FunctionCount = from.FunctionCount.Pointer()
	to.Evidence = from.Evidence
	return to
}

func liftFunction(from raw.Function) Function {
	var to Function
	to.Name = from.Name
	to.Package = from.Package
	to.InMainModule = from.InMainModule
	return to
}

func lowerFunctionFilter(from FunctionFilter) raw.FunctionFilter {
	var to raw.FunctionFilter
	to.Name = witTypes.OptionOf(from.Name)
	to.Package = witTypes.OptionOf(from.Package)
	to.InMainModule = from.InMainModule
	return to
}

func liftProof(from raw.Proof) Proof {
	return Proof(from)
}

func liftCall(from raw.Call) Call {
	var to Call
	to.Caller = from.Caller
	to.Callee = from.Callee
	to.Proof = liftProof(from.Proof)
	to.FromMainModule = from.FromMainModule
	return to
}

func lowerCallFilter(from CallFilter) raw.CallFilter {
	var to raw.CallFilter
	to.CallerPackage = witTypes.OptionOf(from.CallerPackage)
	to.Callee = witTypes.OptionOf(from.Callee)
	to.FromMainModule = from.FromMainModule
	return to
}
