// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package trust: Certificates that programs on the host trust.
package trust

import (
	"strconv"

	"casefile/policy"
)

// StoreKind: How a store keeps its certificates.
type StoreKind uint8

// Values of StoreKind.
const (
	// One file with many.
	StoreKindBundle StoreKind = iota
	// A directory with a file for each.
	StoreKindDirectory
)

// String is the name in the contract.
func (s StoreKind) String() string {
	switch s {
	case StoreKindBundle:
		return "bundle"
	case StoreKindDirectory:
		return "directory"
	}
	return strconv.Itoa(int(s))
}

// Store: A place where libraries look for trust anchors.
type Store struct {
	// Its path, as libraries name it.
	Path string `wit:"path"`
	// A bundle or a directory.
	Kind StoreKind `wit:"kind"`
	// The file or directory behind it, links resolved.
	RealPath string `wit:"real-path"`
	// How many certificates it holds.
	Certificates uint32 `wit:"certificates"`
	// How many PEM blocks are no certificate that parses, and how many
	// files are DER where only PEM is read.
	Unparsable uint32 `wit:"unparsable"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// KeyCase: Which Key it is.
type KeyCase uint8

// Values of KeyCase.
const (
	// RSA: bits of the modulus, and the exponent in hexadecimal.
	KeyRsa KeyCase = iota
	// Elliptic curve: the curve's name (`P-256`) or object identifier, and bits.
	KeyElliptic
	// Elliptic curve with explicit parameters.
	KeyEllipticExplicit
	// DSA: bits.
	KeyDsa
	// Ed25519, Ed448.
	KeyEdwards
	// Another algorithm, by object identifier.
	KeyOther
)

// String is the name in the contract.
func (k KeyCase) String() string {
	switch k {
	case KeyRsa:
		return "rsa"
	case KeyElliptic:
		return "elliptic"
	case KeyEllipticExplicit:
		return "elliptic-explicit"
	case KeyDsa:
		return "dsa"
	case KeyEdwards:
		return "edwards"
	case KeyOther:
		return "other"
	}
	return strconv.Itoa(int(k))
}

// Key: A public key.
type Key struct {
	// Which one it is.
	Case KeyCase `wit:"case"`
	// The value of KeyRsa.
	Rsa struct {
		F0 uint32
		F1 string
	} `wit:"rsa"`
	// The value of KeyElliptic.
	Elliptic struct {
		F0 string
		F1 uint32
	} `wit:"elliptic"`
	// The value of KeyDsa.
	Dsa uint32 `wit:"dsa"`
	// The value of KeyEdwards.
	Edwards string `wit:"edwards"`
	// The value of KeyOther.
	Other string `wit:"other"`
}

// SelfSignature: Whether a certificate is signed with its own key.
type SelfSignature uint8

// Values of SelfSignature.
const (
	// Subject and issuer are equal, and the signature verifies.
	SelfSignatureVerified SelfSignature = iota
	// Subject and issuer are equal, and the signature is by another key.
	SelfSignatureWrong
	// Subject and issuer differ.
	SelfSignatureNotSelfIssued
	// Subject and issuer are equal; the algorithm can't be verified here.
	SelfSignatureUnsupported
)

// String is the name in the contract.
func (s SelfSignature) String() string {
	switch s {
	case SelfSignatureVerified:
		return "verified"
	case SelfSignatureWrong:
		return "wrong"
	case SelfSignatureNotSelfIssued:
		return "not-self-issued"
	case SelfSignatureUnsupported:
		return "unsupported"
	}
	return strconv.Itoa(int(s))
}

// Certificate: One certificate of a store.
type Certificate struct {
	// The file that holds it, links resolved.
	Path string `wit:"path"`
	// Its place among the PEM blocks of the file, from 0.
	Position uint32 `wit:"position"`
	// SHA-256 of its DER, in hexadecimal.
	Fingerprint string `wit:"fingerprint"`
	// SHA-256 of its SubjectPublicKeyInfo, in hexadecimal.
	KeyFingerprint string `wit:"key-fingerprint"`
	// Subject, as RFC 4514 writes it.
	Subject string `wit:"subject"`
	// Issuer, as RFC 4514 writes it.
	Issuer string `wit:"issuer"`
	// Serial number in hexadecimal.
	Serial string `wit:"serial"`
	// notBefore, in seconds since 1970-01-01 UTC.
	NotBefore int64 `wit:"not-before"`
	// notAfter, in seconds since 1970-01-01 UTC.
	NotAfter int64 `wit:"not-after"`
	// X.509 version: 1, 2 or 3.
	Version uint8 `wit:"version"`
	// BasicConstraints: cA; none where the extension is missing.
	Authority *bool `wit:"authority"`
	// The public key.
	Key Key `wit:"key"`
	// Signature algorithm, by its usual name: `sha256WithRSAEncryption`,
	// else by object identifier.
	Signature string `wit:"signature"`
	// Whether it is signed with its own key.
	SelfSigned SelfSignature `wit:"self-signed"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Stores: The stores of the host: those that exist, and an absence for each
// whose state is not known. Stores that are proven absent are left out.
type Stores struct {
	// Those that could be read.
	Known []Store `wit:"known"`
	// Those that could not.
	Unknown []*policy.Absent `wit:"unknown"`
}

// GetStores: Every place where Go, OpenSSL or GnuTLS looks, on any distribution.
// Proven absent where none exists.
func GetStores() (Stores, error) {
	return getStores()
}

// Certificates: Certificates of one store in its order (directories: by file name, a
// file that several links lead to once), from index `offset`, at most
// `limit` (the engine gives no more than 256). A file of a directory
// that could not be read takes one index: pages end before it, and the
// page that begins with it is its absence. Empty behind the last.
func Certificates(store string, offset uint32, limit uint32) ([]Certificate, error) {
	return certificates(store, offset, limit)
}
