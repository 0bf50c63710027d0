// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package data: Files that were packed with the policy: tables that it judges by, which
// change more often than its rules. They are no evidence; the verdict has
// their digests.
package data

// Names: The names of the files, sorted.
func Names() []string {
	return names()
}

// Read: A file's bytes; absent where there is none of this name.
func Read(name string) ([]uint8, error) {
	return read(name)
}

// ReadText: A file's text; unknown (malformed) where it is not UTF-8.
func ReadText(name string) (string, error) {
	return readText(name)
}
