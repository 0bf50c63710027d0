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

func resolve(path string, launch *Launch) (Resolution, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Resolve(path, lift.Lowered(launch, lowerLaunch))
	if result.Tag() == witTypes.ResultErr {
		var zero Resolution
		return zero, lift.Absent(result.Err())
	}
	return liftResolution(result.Ok()), nil
}

func resolveStart(index uint32) (Resolution, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.ResolveStart(index)
	if result.Tag() == witTypes.ResultErr {
		var zero Resolution
		return zero, lift.Absent(result.Err())
	}
	return liftResolution(result.Ok()), nil
}

func versionNeeds(path string) ([]VersionNeed, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.VersionNeeds(path)
	if result.Tag() == witTypes.ResultErr {
		var zero []VersionNeed
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftVersionNeed), nil
}

func versionDefinitions(path string) ([]string, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.VersionDefinitions(path)
	if result.Tag() == witTypes.ResultErr {
		var zero []string
		return zero, lift.Absent(result.Err())
	}
	return result.Ok(), nil
}

func sections(path string) ([]Section, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Sections(path)
	if result.Tag() == witTypes.ResultErr {
		var zero []Section
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftSection), nil
}

func dlopenNotes(path string) ([]DlopenNote, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.DlopenNotes(path)
	if result.Tag() == witTypes.ResultErr {
		var zero []DlopenNote
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftDlopenNote), nil
}

func getCache() (Cache, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetCache()
	if result.Tag() == witTypes.ResultErr {
		var zero Cache
		return zero, lift.Absent(result.Err())
	}
	return liftCache(result.Ok()), nil
}

func staleEntries(offset uint32, limit uint32) ([]StaleEntry, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.StaleEntries(offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []StaleEntry
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftStaleEntry), nil
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

func lowerLaunch(from Launch) raw.Launch {
	var to raw.Launch
	to.LibraryPath = witTypes.OptionOf(from.LibraryPath)
	to.Preload = witTypes.OptionOf(from.Preload)
	to.Secure = witTypes.OptionOf(from.Secure)
	to.WorkingDirectory = witTypes.OptionOf(from.WorkingDirectory)
	return to
}

func liftLoaded(from raw.Loaded) Loaded {
	var to Loaded
	to.Name = from.Name
	to.Path = from.Path
	to.NeededBy = from.NeededBy
	to.FoundBy = liftFoundBy(from.FoundBy)
	to.Element = from.Element.Pointer()
	to.Subdirectory = from.Subdirectory.Pointer()
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
	case ProblemIsaLevel:
		to.IsaLevel = from.IsaLevel()
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

func liftFragility(from raw.Fragility) Fragility {
	return Fragility(from)
}

func liftFragile(from raw.Fragile) Fragile {
	var to Fragile
	to.Name = from.Name
	to.NeededBy = from.NeededBy
	to.Path = from.Path
	to.Why = liftFragility(from.Why)
	return to
}

func liftRisk(from raw.Risk) Risk {
	return Risk(from)
}

func liftInsecure(from raw.Insecure) Insecure {
	var to Insecure
	to.Element = from.Element
	to.List = liftFoundBy(from.List)
	to.Object = from.Object
	to.Risk = liftRisk(from.Risk)
	return to
}

func liftLoader(from raw.Loader) Loader {
	return Loader(from)
}

func liftResolution(from raw.Resolution) Resolution {
	var to Resolution
	to.Loader = liftLoader(from.Loader)
	to.LoaderVersion = from.LoaderVersion.Pointer()
	to.Interpreter = from.Interpreter.Pointer()
	to.Secure = from.Secure
	to.Objects = lift.Each(from.Objects, liftLoaded)
	to.Missing = lift.Each(from.Missing, liftUnresolved)
	to.Versions = lift.Each(from.Versions, liftVersionMissing)
	to.Stops = from.Stops.Pointer()
	to.Warnings = from.Warnings
	to.Fragile = lift.Each(from.Fragile, liftFragile)
	to.Insecure = lift.Each(from.Insecure, liftInsecure)
	to.Unknown = lift.Each(from.Unknown, lift.Absent)
	to.UnknownLevels = lift.Each(from.UnknownLevels, lift.Absent)
	to.UnknownRisks = lift.Each(from.UnknownRisks, lift.Absent)
	to.Evidence = from.Evidence
	return to
}

func liftVersionNeed(from raw.VersionNeed) VersionNeed {
	var to VersionNeed
	to.Library = from.Library
	to.Version = from.Version
	to.Weak = from.Weak
	return to
}

func liftSection(from raw.Section) Section {
	var to Section
	to.Name = from.Name
	to.Kind = from.Kind
	to.Flags = from.Flags
	to.Address = from.Address
	to.Size = from.Size
	return to
}

func liftDlopenNote(from raw.DlopenNote) DlopenNote {
	var to DlopenNote
	to.Feature = from.Feature
	to.Description = from.Description
	to.Priority = from.Priority
	to.Sonames = from.Sonames
	return to
}

func liftCache(from raw.Cache) Cache {
	var to Cache
	to.Entries = from.Entries
	to.Generator = from.Generator
	to.Hwcaps = from.Hwcaps
	to.Evidence = from.Evidence
	return to
}

func liftStaleness(from raw.Staleness) Staleness {
	return Staleness(from)
}

func liftStaleEntry(from raw.StaleEntry) StaleEntry {
	var to StaleEntry
	to.Name = from.Name
	to.Path = from.Path
	to.How = liftStaleness(from.How)
	return to
}
