// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package files: Files of the host by path. Symbolic links are followed inside the
// snapshot, as the host's kernel would.
package files

import (
	"strconv"

	"casefile/policy"
)

// Kind: What a path leads to.
type Kind uint8

// Values of Kind.
const (
	// A regular file.
	KindRegular Kind = iota
	// A directory.
	KindDirectory
	// A FIFO, a socket or a device.
	KindSpecial
)

// String is the name in the contract.
func (k Kind) String() string {
	switch k {
	case KindRegular:
		return "regular"
	case KindDirectory:
		return "directory"
	case KindSpecial:
		return "special"
	}
	return strconv.Itoa(int(k))
}

// Stat: stat(2) of a path.
type Stat struct {
	// The path with every link resolved.
	RealPath string `wit:"real-path"`
	// What it is.
	Kind Kind `wit:"kind"`
	// Permissions with set-id and sticky bits: 0o644.
	Mode uint32 `wit:"mode"`
	// Owner.
	UID uint32 `wit:"uid"`
	// Group.
	GID uint32 `wit:"gid"`
	// Size in bytes; 0 for files of /proc.
	Size uint64 `wit:"size"`
	// Last change of the content, seconds since 1970-01-01 UTC.
	Modified int64 `wit:"modified"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Text: A file's text.
type Text struct {
	// Invalid UTF-8 is replaced by U+FFFD.
	Content string `wit:"content"`
	// How many bytes before the content the collector left out: it
	// takes only the tail of logs.
	Skipped uint64 `wit:"skipped"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Listing: A directory's names.
type Listing struct {
	// Sorted.
	Names []string `wit:"names"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Attribute: An extended attribute.
type Attribute struct {
	// Its bytes.
	Value []uint8 `wit:"value"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Space: Room in the file system that a path lies in (statvfs(3)).
type Space struct {
	// Where it is mounted.
	Point string `wit:"point"`
	// What is mounted there: a device; the same for several mounts.
	Source string `wit:"source"`
	// Its type: `ext4`.
	FileSystem string `wit:"file-system"`
	// Bytes in all.
	Total uint64 `wit:"total"`
	// Bytes that are free, those for root alone among them.
	Free uint64 `wit:"free"`
	// Bytes that are free for everybody.
	Available uint64 `wit:"available"`
	// Files that it can hold; 0 where it does not say.
	Inodes uint64 `wit:"inodes"`
	// Files that it could hold beside those that are there.
	FreeInodes uint64 `wit:"free-inodes"`
	// It is mounted for reading alone.
	ReadOnly bool `wit:"read-only"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// GetStat: What a path leads to.
func GetStat(path string) (Stat, error) {
	return getStat(path)
}

// ReadText: The text of a file of at most 1 MiB.
func ReadText(path string) (Text, error) {
	return readText(path)
}

// ReadDirectory: The names in a directory.
func ReadDirectory(path string) (Listing, error) {
	return readDirectory(path)
}

// GetSpace: Room in the file system that a path lies in.
func GetSpace(path string) (Space, error) {
	return getSpace(path)
}

// GetAttribute: One extended attribute: `security.selinux`, `security.capability`.
func GetAttribute(path string, name string) (Attribute, error) {
	return getAttribute(path, name)
}
