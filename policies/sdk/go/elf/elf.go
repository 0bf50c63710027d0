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

// Loaded: A library that was loaded.
type Loaded struct {
	// As it stands in DT_NEEDED.
	Name string `wit:"name"`
	// The path that the loader opens, links not resolved.
	Path string `wit:"path"`
	// The path of the object that first needed it.
	NeededBy string `wit:"needed-by"`
	// The rule that found it.
	FoundBy FoundBy `wit:"found-by"`
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
	// A file on the search path that stops the search (not ELF, damaged).
	ProblemInvalid
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
	// PT_INTERP, where there is one.
	Interpreter *string `wit:"interpreter"`
	// The libraries, in load order, without the program.
	Objects []Loaded `wit:"objects"`
	// The libraries that would not load.
	Missing []Unresolved `wit:"missing"`
	// Versions that are not defined.
	Versions []VersionMissing `wit:"versions"`
	// What could not be decided, for lack of evidence.
	Unknown []*policy.Absent `wit:"unknown"`
	// All that was consulted, the program itself last.
	Evidence []policy.Evidence `wit:"evidence"`
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

// Resolve: What the loader would do with a program when it is started with this
// value of LD_LIBRARY_PATH, and nothing else in its environment. An
// absent interpreter is an absence with its path.
func Resolve(path string, libraryPath *string) (Resolution, error) {
	return resolve(path, libraryPath)
}
