// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package tools: Tools of the command line that speak HTTP, and the TLS library that each
// has, from their files and packages alone: none is run.
package tools

import (
	"casefile/policy"
)

// TLSLibrary: A library that speaks TLS.
type TLSLibrary struct {
	// `OpenSSL`, `GnuTLS`, `wolfSSL`, `mbedTLS`, `NSS`, `BoringSSL`,
	// `LibreSSL`, `rustls`.
	Name string `wit:"name"`
	// The file.
	Path string `wit:"path"`
	// The version that the file names in itself: `3.0.15`; none where
	// none was found.
	Version *string `wit:"version"`
	// The package that it belongs to, as `name version`; none where no
	// database says.
	Package *string `wit:"package"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Tool: A tool.
type Tool struct {
	// The name that it is called by: `curl`.
	Name string `wit:"name"`
	// Its file, links resolved.
	Path string `wit:"path"`
	// Its version: of its package without the packaging's part, else
	// what its file says; none where nothing says.
	Version *string `wit:"version"`
	// The package that it belongs to, as `name version`.
	Package *string `wit:"package"`
	// The libraries that speak TLS among those that it loads; empty
	// where it has none that is known.
	TLS []TLSLibrary `wit:"tls"`
	// What could not be decided, for lack of evidence.
	Unknown []*policy.Absent `wit:"unknown"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Names: The names that are looked for, sorted: `curl`, `openssl`, `wget` ...
func Names() []string {
	return names()
}

// Get: The tool of a name: the first on the usual search path
// (/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin).
// Absent where no directory of it has one.
func Get(name string) (Tool, error) {
	return get(name)
}
