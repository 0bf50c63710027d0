// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package gobinary: Programs that were built by Go, from their build information and tables.
package gobinary

import (
	"strconv"

	"casefile/policy"
)

// Module: A module, as `go version -m` lists it.
type Module struct {
	// Its path: `golang.org/x/net`.
	Path string `wit:"path"`
	// Its version: `v0.30.0`, `(devel)`; empty where there is none.
	Version string `wit:"version"`
	// Its checksum; empty where there is none.
	Sum string `wit:"sum"`
	// Path and version of the module that replaces it.
	ReplacedBy *[2]string `wit:"replaced-by"`
}

// Setting: A setting of the build: `CGO_ENABLED`, `-ldflags`, `vcs.modified`.
type Setting struct {
	// Its key.
	Key string `wit:"key"`
	// Its value, unquoted.
	Value string `wit:"value"`
}

// LinkKind: How the program was linked: what it needs to start.
type LinkKind uint8

// Values of LinkKind.
const (
	// By Go's own linker, without a loader.
	LinkKindStaticInternal LinkKind = iota
	// By the C linker with -static: no loader, C code inside.
	LinkKindStaticExternal
	// Static and position-independent: no loader.
	LinkKindStaticPie
	// Position-independent and without a library, but with an
	// interpreter: the loader's file must be there.
	LinkKindLoaderOnly
	// With glibc.
	LinkKindDynamicGlibc
	// With musl.
	LinkKindDynamicMusl
	// With libraries, of which none is a known C library.
	LinkKindDynamicOther
	// A plugin or a shared library (-buildmode=plugin, c-shared).
	LinkKindSharedLibrary
)

// String is the name in the contract.
func (l LinkKind) String() string {
	switch l {
	case LinkKindStaticInternal:
		return "static-internal"
	case LinkKindStaticExternal:
		return "static-external"
	case LinkKindStaticPie:
		return "static-pie"
	case LinkKindLoaderOnly:
		return "loader-only"
	case LinkKindDynamicGlibc:
		return "dynamic-glibc"
	case LinkKindDynamicMusl:
		return "dynamic-musl"
	case LinkKindDynamicOther:
		return "dynamic-other"
	case LinkKindSharedLibrary:
		return "shared-library"
	}
	return strconv.Itoa(int(l))
}

// Program: A program of Go.
type Program struct {
	// Go's version, as it stands in the program: `go1.27.3`.
	Version string `wit:"version"`
	// The path of the main package; empty where it is not recorded.
	Path string `wit:"path"`
	// The main module; none where it is not recorded.
	Main *Module `wit:"main"`
	// Settings of the build, in order. Builds with -trimpath record no
	// flags.
	Settings []Setting `wit:"settings"`
	// How it was linked.
	Link LinkKind `wit:"link"`
	// The linker as far as it shows (`GNU ld`, `GNU gold`, `LLD`,
	// `mold`); none for Go's own and where nothing shows it.
	Linker *string `wit:"linker"`
	// There is neither a symbol table nor debug information.
	Stripped bool `wit:"stripped"`
	// How many functions its table has; none where the table could not
	// be read: `functions` and `calls` say why.
	FunctionCount *uint32 `wit:"function-count"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Function: A function with code of its own. What is inlined everywhere has none.
type Function struct {
	// Its name as the linker knows it: `net/http.(*Client).Do`.
	Name string `wit:"name"`
	// The path of its package: `net/http`.
	Package string `wit:"package"`
	// Its package belongs to the main module.
	InMainModule bool `wit:"in-main-module"`
}

// FunctionFilter: Which functions; all that is given must match.
type FunctionFilter struct {
	// The whole name.
	Name *string `wit:"name"`
	// The path of the package.
	Package *string `wit:"package"`
	// Those of the main module alone.
	InMainModule bool `wit:"in-main-module"`
}

// Proof: What shows that a function calls another.
type Proof uint8

// Values of Proof.
const (
	// The callee's body is part of the caller's (inline tree).
	ProofInlined Proof = iota
	// An instruction of the caller calls the callee.
	ProofDirect
)

// String is the name in the contract.
func (p Proof) String() string {
	switch p {
	case ProofInlined:
		return "inlined"
	case ProofDirect:
		return "direct"
	}
	return strconv.Itoa(int(p))
}

// Call: A call that is proven. Calls through interfaces and closures do not
// show: that there is none proves nothing.
type Call struct {
	// The function whose source has the call.
	Caller string `wit:"caller"`
	// The function that is called.
	Callee string `wit:"callee"`
	// What shows it.
	Proof Proof `wit:"proof"`
	// The caller belongs to the main module.
	FromMainModule bool `wit:"from-main-module"`
}

// CallFilter: Which calls; all that is given must match.
type CallFilter struct {
	// The path of the caller's package.
	CallerPackage *string `wit:"caller-package"`
	// The whole name of the callee.
	Callee *string `wit:"callee"`
	// Calls of the main module alone.
	FromMainModule bool `wit:"from-main-module"`
}

// Get: What the program says of itself. Absent where the file was not built
// by Go; an absent file is absent with its path.
func Get(path string) (Program, error) {
	return get(path)
}

// Dependencies: The modules that it was built from, the main module left out, in the
// order of the build information, from index `offset`, at most `limit`
// (the engine gives no more than 1024).
func Dependencies(path string, offset uint32, limit uint32) ([]Module, error) {
	return dependencies(path, offset, limit)
}

// Functions: Functions by address, from index `offset` of those that match, at
// most `limit` (no more than 1024).
func Functions(path string, filter FunctionFilter, offset uint32, limit uint32) ([]Function, error) {
	return functions(path, filter, offset, limit)
}

// Calls: Calls that are proven, sorted by caller and callee, from index
// `offset` of those that match, at most `limit` (no more than 1024).
// Callers outside of the main module are unknown where the collector
// did not take them.
func Calls(path string, filter CallFilter, offset uint32, limit uint32) ([]Call, error) {
	return calls(path, filter, offset, limit)
}
