// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package elf: Programs and libraries, and what the loader makes of them.
package elf

import (
	"strconv"

	"casefile/policy"
)

// Program: A program that bears on the host, and why it was taken.
type Program struct {
	// Its path, symbolic links resolved.
	Path string `wit:"path"`
	// `named` (asked for by the user), `pid N`, `unit NAME`, or
	// `optional unit NAME`: the unit starts under conditions alone, or
	// goes on when the program can't be started.
	Origins []string `wit:"origins"`
}

// FileKindCase: Which FileKind it is.
type FileKindCase uint8

// Values of FileKindCase.
const (
	// An ELF file.
	FileKindELF FileKindCase = iota
	// Begins with `#!`; the interpreter's path.
	FileKindScript
	// Something else.
	FileKindOther
	// Begins as ELF, and is damaged; in which way.
	FileKindMalformed
)

// String is the name in the contract.
func (f FileKindCase) String() string {
	switch f {
	case FileKindELF:
		return "elf"
	case FileKindScript:
		return "script"
	case FileKindOther:
		return "other"
	case FileKindMalformed:
		return "malformed"
	}
	return strconv.Itoa(int(f))
}

// FileKind: What a file is to the loader.
type FileKind struct {
	// Which one it is.
	Case FileKindCase `wit:"case"`
	// The value of FileKindScript.
	Script string `wit:"script"`
	// The value of FileKindMalformed.
	Malformed string `wit:"malformed"`
}

// File: ELF header, dynamic section and notes of a file.
type File struct {
	// What it is; for all but `elf` the other fields are empty.
	Kind FileKind `wit:"kind"`
	// 32 or 64.
	Bits uint8 `wit:"bits"`
	// `e_machine`: 62 x86-64, 183 AArch64, 3 i386 ...
	Machine uint16 `wit:"machine"`
	// `e_type`: 2 executable, 3 shared object or PIE.
	ObjectType uint16 `wit:"object-type"`
	// PT_INTERP.
	Interpreter *string `wit:"interpreter"`
	// There is a dynamic section.
	Dynamic bool `wit:"dynamic"`
	// DT_NEEDED, in order.
	Needed []string `wit:"needed"`
	// DT_SONAME.
	Soname *string `wit:"soname"`
	// DT_RPATH.
	Rpath *string `wit:"rpath"`
	// DT_RUNPATH.
	Runpath *string `wit:"runpath"`
	// GNU build-id, in hexadecimal.
	BuildID *string `wit:"build-id"`
	// PT_GNU_STACK asks for an executable stack.
	ExecutableStack bool `wit:"executable-stack"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// FoundBy: The rule by which the loader found a library (ld.so(8)).
type FoundBy uint8

// Values of FoundBy.
const (
	// Named by a path with a slash.
	FoundByPath FoundBy = iota
	// LD_PRELOAD or /etc/ld.so.preload.
	FoundByPreload
	// DT_RPATH of the object or of one that caused it to be loaded.
	FoundByRpath
	// LD_LIBRARY_PATH.
	FoundByLibraryPath
	// DT_RUNPATH of the object.
	FoundByRunpath
	// /etc/ld.so.cache.
	FoundByCache
	// A directory that is built into the loader.
	FoundBySystem
	// The program interpreter itself.
	FoundByInterpreter
)

// String is the name in the contract.
func (f FoundBy) String() string {
	switch f {
	case FoundByPath:
		return "path"
	case FoundByPreload:
		return "preload"
	case FoundByRpath:
		return "rpath"
	case FoundByLibraryPath:
		return "library-path"
	case FoundByRunpath:
		return "runpath"
	case FoundByCache:
		return "cache"
	case FoundBySystem:
		return "system"
	case FoundByInterpreter:
		return "interpreter"
	}
	return strconv.Itoa(int(f))
}

// Launch: How a program is started, as far as the loader cares.
type Launch struct {
	// LD_LIBRARY_PATH.
	LibraryPath *string `wit:"library-path"`
	// LD_PRELOAD.
	Preload *string `wit:"preload"`
	// Whether the kernel asks the loader to be careful (AT_SECURE), where
	// it is known from elsewhere; none where the program's file decides:
	// its set-id bits and capabilities.
	Secure *bool `wit:"secure"`
	// The current directory, against which relative paths are read.
	WorkingDirectory *string `wit:"working-directory"`
}

// Loaded: A library that was loaded.
type Loaded struct {
	// As it stands in DT_NEEDED, or in a list of preloaded objects.
	Name string `wit:"name"`
	// The path that the loader opens, links not resolved.
	Path string `wit:"path"`
	// The path of the object that first needed it.
	NeededBy string `wit:"needed-by"`
	// The rule that found it.
	FoundBy FoundBy `wit:"found-by"`
	// The element of the search path that found it, as it is written
	// (`$ORIGIN/../lib`); none where no path was searched.
	Element *string `wit:"element"`
	// The directory below the element that is for this processor:
	// `glibc-hwcaps/x86-64-v3`.
	Subdirectory *string `wit:"subdirectory"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// ProblemCase: Which Problem it is.
type ProblemCase uint8

// Values of ProblemCase.
const (
	// No file by that name on the search path.
	ProblemNotFound ProblemCase = iota
	// Found only with another class (`ELFCLASS32`), or another machine.
	ProblemWrongArchitecture
	// A file on the search path that stops the search (not ELF,
	// damaged), in the loader's words.
	ProblemInvalid
	// It needs a level of x86-64 that the processor does not have.
	ProblemIsaLevel
)

// String is the name in the contract.
func (p ProblemCase) String() string {
	switch p {
	case ProblemNotFound:
		return "not-found"
	case ProblemWrongArchitecture:
		return "wrong-architecture"
	case ProblemInvalid:
		return "invalid"
	case ProblemIsaLevel:
		return "isa-level"
	}
	return strconv.Itoa(int(p))
}

// Problem: Why the loader stops, or what it lacks.
type Problem struct {
	// Which one it is.
	Case ProblemCase `wit:"case"`
	// The value of ProblemWrongArchitecture.
	WrongArchitecture string `wit:"wrong-architecture"`
	// The value of ProblemInvalid.
	Invalid string `wit:"invalid"`
	// The value of ProblemIsaLevel.
	IsaLevel string `wit:"isa-level"`
}

// Unresolved: A library that would not load.
type Unresolved struct {
	// As it stands in DT_NEEDED.
	Name string `wit:"name"`
	// The path of the object that needs it.
	NeededBy string `wit:"needed-by"`
	// What is wrong.
	Problem Problem `wit:"problem"`
}

// VersionMissing: A version that no loaded object defines.
type VersionMissing struct {
	// The version: `GLIBC_2.38`.
	Version string `wit:"version"`
	// The library that should define it: `libc.so.6`.
	Library string `wit:"library"`
	// The path by which it was loaded.
	LibraryPath string `wit:"library-path"`
	// The path of the object that needs it.
	NeededBy string `wit:"needed-by"`
	// The need is weak: the loader only warns.
	Weak bool `wit:"weak"`
}

// Fragility: Why a library is found today, and might not be tomorrow.
type Fragility uint8

// Values of Fragility.
const (
	// No search path of the object that needs it leads there: another
	// object happens to have been loaded under that name before.
	FragilityAlreadyLoaded Fragility = iota
	// It lies under the current directory.
	FragilityRelative
)

// String is the name in the contract.
func (f Fragility) String() string {
	switch f {
	case FragilityAlreadyLoaded:
		return "already-loaded"
	case FragilityRelative:
		return "relative"
	}
	return strconv.Itoa(int(f))
}

// Fragile: A library that is found by chance.
type Fragile struct {
	// As it stands in DT_NEEDED.
	Name string `wit:"name"`
	// The path of the object that needs it.
	NeededBy string `wit:"needed-by"`
	// The path that is loaded.
	Path string `wit:"path"`
	// Why it is fragile.
	Why Fragility `wit:"why"`
}

// Risk: What is wrong with an element of a search path.
type Risk uint8

// Values of Risk.
const (
	// It is empty, which stands for the current directory.
	RiskEmpty Risk = iota
	// It is relative to the current directory.
	RiskRelative
	// Everybody may write into the directory.
	RiskWorldWritable
	// Neither root nor the owner of the program owns the directory.
	RiskForeignOwner
)

// String is the name in the contract.
func (r Risk) String() string {
	switch r {
	case RiskEmpty:
		return "empty"
	case RiskRelative:
		return "relative"
	case RiskWorldWritable:
		return "world-writable"
	case RiskForeignOwner:
		return "foreign-owner"
	}
	return strconv.Itoa(int(r))
}

// Insecure: An element of a search path into which others may put a library.
type Insecure struct {
	// As it is written.
	Element string `wit:"element"`
	// The path list that it stands in.
	List FoundBy `wit:"list"`
	// The object whose list it is; the program for LD_LIBRARY_PATH.
	Object string `wit:"object"`
	// What is wrong.
	Risk Risk `wit:"risk"`
}

// Loader: Which loader's rules were followed.
type Loader uint8

// Values of Loader.
const (
	// GNU libc.
	LoaderGlibc Loader = iota
	// musl libc.
	LoaderMusl
	// No loader: a static program.
	LoaderNone
)

// String is the name in the contract.
func (l Loader) String() string {
	switch l {
	case LoaderGlibc:
		return "glibc"
	case LoaderMusl:
		return "musl"
	case LoaderNone:
		return "none"
	}
	return strconv.Itoa(int(l))
}

// Resolution: What the loader would do with a program, in its own order.
type Resolution struct {
	// Which loader's rules were followed.
	Loader Loader `wit:"loader"`
	// Its release, as far as its file tells: `2.36`, `1.2.3`.
	LoaderVersion *string `wit:"loader-version"`
	// PT_INTERP, where there is one.
	Interpreter *string `wit:"interpreter"`
	// The loader is careful (AT_SECURE): what the environment says of
	// libraries is ignored.
	Secure bool `wit:"secure"`
	// The libraries, in load order, without the program.
	Objects []Loaded `wit:"objects"`
	// The libraries that would not load.
	Missing []Unresolved `wit:"missing"`
	// Versions that are not defined.
	Versions []VersionMissing `wit:"versions"`
	// What the loader prints before it ends the program, of the first
	// thing that stops it; none where it starts the program, and where
	// what is unknown may come first.
	Stops *string `wit:"stops"`
	// What it prints, and goes on.
	Warnings []string `wit:"warnings"`
	// Libraries that are found by chance.
	Fragile []Fragile `wit:"fragile"`
	// Elements of search paths into which others may write.
	Insecure []Insecure `wit:"insecure"`
	// What could not be decided, for lack of evidence.
	Unknown []*policy.Absent `wit:"unknown"`
	// Why it is not known whether the processor is one that objects need.
	UnknownLevels []*policy.Absent `wit:"unknown-levels"`
	// Elements of search paths of which it is not known who may write to
	// them.
	UnknownRisks []*policy.Absent `wit:"unknown-risks"`
	// All that was consulted, the program itself last.
	Evidence []policy.Evidence `wit:"evidence"`
}

// VersionNeed: A version that a file needs.
type VersionNeed struct {
	// The library that should define it: `libc.so.6`.
	Library string `wit:"library"`
	// The version: `GLIBC_2.34`.
	Version string `wit:"version"`
	// The loader only warns.
	Weak bool `wit:"weak"`
}

// Section: A section of a file.
type Section struct {
	// Its name.
	Name string `wit:"name"`
	// `sh_type`.
	Kind uint32 `wit:"kind"`
	// `sh_flags`.
	Flags uint64 `wit:"flags"`
	// Its address; 0 where it is not loaded.
	Address uint64 `wit:"address"`
	// Its size in bytes.
	Size uint64 `wit:"size"`
}

// DlopenNote: What a file says that it opens by itself (.note.dlopen, UAPI.16).
type DlopenNote struct {
	// The feature that needs it; empty where it is not named.
	Feature string `wit:"feature"`
	// What it is for; empty where it is not said.
	Description string `wit:"description"`
	// `required`, `recommended` or `suggested`.
	Priority string `wit:"priority"`
	// The names, of which the first that is there is opened.
	Sonames []string `wit:"sonames"`
}

// Cache: /etc/ld.so.cache.
type Cache struct {
	// How many entries, of all architectures.
	Entries uint32 `wit:"entries"`
	// Who made it: `ldconfig (Debian GLIBC 2.36-9) ... 2.36`; empty
	// where it does not say.
	Generator string `wit:"generator"`
	// Directories for processors that it knows: `x86-64-v3`.
	Hwcaps []string `wit:"hwcaps"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Staleness: How an entry of the cache is out of date.
type Staleness uint8

// Values of Staleness.
const (
	// Its file is not there.
	StalenessMissing Staleness = iota
	// A library lies in a directory that the cache is made of, and has
	// no entry.
	StalenessUnlisted
)

// String is the name in the contract.
func (s Staleness) String() string {
	switch s {
	case StalenessMissing:
		return "missing"
	case StalenessUnlisted:
		return "unlisted"
	}
	return strconv.Itoa(int(s))
}

// StaleEntry: An entry that is out of date.
type StaleEntry struct {
	// The library's name.
	Name string `wit:"name"`
	// The path of its file.
	Path string `wit:"path"`
	// How it is out of date.
	How Staleness `wit:"how"`
}

// Programs: The programs of the snapshot, sorted by path, from index `offset`, at
// most `limit` of them (the engine gives no more than 1024).
func Programs(offset uint32, limit uint32) ([]Program, error) {
	return programs(offset, limit)
}

// GetFile: What a file is. Links are followed.
func GetFile(path string) (File, error) {
	return getFile(path)
}

// Resolve: What the loader would do with a program when it is started so; none
// stands for an empty environment. An absent interpreter is an absence
// with its path.
func Resolve(path string, launch *Launch) (Resolution, error) {
	return resolve(path, launch)
}

// ResolveStart: The same of a start, by its index in the list of `start.starts`, with
// its environment, user and directory. Unknown where these are not known
// and matter.
func ResolveStart(index uint32) (Resolution, error) {
	return resolveStart(index)
}

// VersionNeeds: The versions that a file needs.
func VersionNeeds(path string) ([]VersionNeed, error) {
	return versionNeeds(path)
}

// VersionDefinitions: The versions that a file defines.
func VersionDefinitions(path string) ([]string, error) {
	return versionDefinitions(path)
}

// Sections: The sections of a file, in its order; empty where it has no table.
func Sections(path string) ([]Section, error) {
	return sections(path)
}

// DlopenNotes: What a file says that it opens by dlopen(3), in its notes.
func DlopenNotes(path string) ([]DlopenNote, error) {
	return dlopenNotes(path)
}

// GetCache: The loader's cache.
func GetCache() (Cache, error) {
	return getCache()
}

// StaleEntries: Where the cache differs from the file system, by name, from index
// `offset`, at most `limit` (the engine gives no more than 1024).
func StaleEntries(offset uint32, limit uint32) ([]StaleEntry, error) {
	return staleEntries(offset, limit)
}
