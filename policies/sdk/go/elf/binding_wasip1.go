// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package elf

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_elf"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func programs(offset uint32, limit uint32) ([]Program, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Programs(offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Program
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftProgram), nil
}

func getFile(path string) (File, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetFile(path)
	if result.Tag() == witTypes.ResultErr {
		var zero File
		return zero, lift.Absent(result.Err())
	}
	return liftFile(result.Ok()), nil
}

func resolve(path string, libraryPath *string) (Resolution, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Resolve(path, witTypes.OptionOf(libraryPath))
	if result.Tag() == witTypes.ResultErr {
		var zero Resolution
		return zero, lift.Absent(result.Err())
	}
	return liftResolution(result.Ok()), nil
}

func liftProgram(from raw.Program) Program {
	var to Program
	to.Path = from.Path
	to.Origins = from.Origins
	return to
}

func liftFileKind(from raw.FileKind) FileKind {
	to := FileKind{Case: FileKindCase(from.Tag())}
	switch to.Case {
	case FileKindScript:
		to.Script = from.Script()
	case FileKindMalformed:
		to.Malformed = from.Malformed()
	}
	return to
}

func liftFile(from raw.File) File {
	var to File
	to.Kind = liftFileKind(from.Kind)
	to.Bits = from.Bits
	to.Machine = from.Machine
	to.ObjectType = from.ObjectType
	to.Interpreter = from.Interpreter.Pointer()
	to.Dynamic = from.Dynamic
	to.Needed = from.Needed
	to.Soname = from.Soname.Pointer()
	to.Rpath = from.Rpath.Pointer()
	to.Runpath = from.Runpath.Pointer()
	to.BuildID = from.BuildId.Pointer()
	to.ExecutableStack = from.ExecutableStack
	to.Evidence = from.Evidence
	return to
}

func liftFoundBy(from raw.FoundBy) FoundBy {
	return FoundBy(from)
}

func liftLoaded(from raw.Loaded) Loaded {
	var to Loaded
	to.Name = from.Name
	to.Path = from.Path
	to.NeededBy = from.NeededBy
	to.FoundBy = liftFoundBy(from.FoundBy)
	to.Evidence = from.Evidence
	return to
}

func liftProblem(from raw.Problem) Problem {
	to := Problem{Case: ProblemCase(from.Tag())}
	switch to.Case {
	case ProblemWrongArchitecture:
		to.WrongArchitecture = from.WrongArchitecture()
	case ProblemInvalid:
		to.Invalid = from.Invalid()
	}
	return to
}

func liftUnresolved(from raw.Unresolved) Unresolved {
	var to Unresolved
	to.Name = from.Name
	to.NeededBy = from.NeededBy
	to.Problem = liftProblem(from.Problem)
	return to
}

func liftVersionMissing(from raw.VersionMissing) VersionMissing {
	var to VersionMissing
	to.Version = from.Version
	to.Library = from.Library
	to.LibraryPath = from.LibraryPath
	to.NeededBy = from.NeededBy
	to.Weak = from.Weak
	return to
}

func liftLoader(from raw.Loader) Loader {
	return Loader(from)
}

func liftResolution(from raw.Resolution) Resolution {
	var to Resolution
	to.Loader = liftLoader(from.Loader)
	to.Interpreter = from.Interpreter.Pointer()
	to.Objects = lift.Each(from.Objects, liftLoaded)
	to.Missing = lift.Each(from.Missing, liftUnresolved)
	to.Versions = lift.Each(from.Versions, liftVersionMissing)
	to.Unknown = lift.Each(from.Unknown, lift.Absent)
	to.Evidence = from.Evidence
	return to
}
