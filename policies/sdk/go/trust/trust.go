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

// LayoutKind: The way in which a distribution keeps trust.
type LayoutKind uint8

// Values of LayoutKind.
const (
	// update-ca-certificates of Debian and Ubuntu, and Alpine's.
	LayoutKindDebian LayoutKind = iota
	// update-ca-trust of Red Hat and Fedora.
	LayoutKindRedHat
	// update-ca-certificates of SUSE.
	LayoutKindSuse
	// trust extract-compat of Arch.
	LayoutKindArch
	// Alpine.
	LayoutKindAlpine
	// None of these.
	LayoutKindOther
)

// String is the name in the contract.
func (l LayoutKind) String() string {
	switch l {
	case LayoutKindDebian:
		return "debian"
	case LayoutKindRedHat:
		return "red-hat"
	case LayoutKindSuse:
		return "suse"
	case LayoutKindArch:
		return "arch"
	case LayoutKindAlpine:
		return "alpine"
	case LayoutKindOther:
		return "other"
	}
	return strconv.Itoa(int(l))
}

// Layout: How this host keeps trust.
type Layout struct {
	// Whose way it is.
	Kind LayoutKind `wit:"kind"`
	// OPENSSLDIR: `/usr/lib/ssl`.
	OpensslDirectory string `wit:"openssl-directory"`
	// The file that GnuTLS reads, or `pkcs11:`.
	GnutlsSource string `wit:"gnutls-source"`
	// Where it was read: os-release, or what stands on the host.
	Evidence policy.Evidence `wit:"evidence"`
}

// Library: A library that verifies certificates.
type Library uint8

// Values of Library.
const (
	// crypto/x509 of Go.
	LibraryGo Library = iota
	// OpenSSL.
	LibraryOpenssl
	// GnuTLS.
	LibraryGnutls
)

// String is the name in the contract.
func (l Library) String() string {
	switch l {
	case LibraryGo:
		return "go"
	case LibraryOpenssl:
		return "openssl"
	case LibraryGnutls:
		return "gnutls"
	}
	return strconv.Itoa(int(l))
}

// PoolRequest: Which pool.
type PoolRequest struct {
	// Whose.
	Library Library `wit:"library"`
	// For Go, its release: `go1.22`; the newest that is known where
	// none is given.
	Version *string `wit:"version"`
	// SSL_CERT_FILE.
	CertificateFile *string `wit:"certificate-file"`
	// SSL_CERT_DIR.
	CertificateDirectory *string `wit:"certificate-directory"`
}

// PoolSource: A place that a library reads for its pool.
type PoolSource struct {
	// As the library names it.
	Path string `wit:"path"`
	// A bundle or a directory.
	Kind StoreKind `wit:"kind"`
	// Something was read there.
	Present bool `wit:"present"`
	// How many certificates it adds to those before it.
	Added uint32 `wit:"added"`
}

// Pool: What a library trusts on this host.
type Pool struct {
	// How many certificates.
	Count uint32 `wit:"count"`
	// Where it looks, in its order.
	Sources []PoolSource `wit:"sources"`
	// How many certificates it can't use.
	Rejected uint32 `wit:"rejected"`
	// What could not be decided, for lack of evidence.
	Unknown []*policy.Absent `wit:"unknown"`
}

// PoolCertificate: A certificate of a pool.
type PoolCertificate struct {
	// SHA-256 of its DER, in hexadecimal.
	Fingerprint string `wit:"fingerprint"`
	// Subject, as RFC 4514 writes it.
	Subject string `wit:"subject"`
	// The file by which it came in first, links resolved.
	Path string `wit:"path"`
	// Its place among the PEM blocks of the file, from 0.
	Position uint32 `wit:"position"`
	// Why the library can't use it; none where it can.
	Rejected *string `wit:"rejected"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Details: What a certificate says beside its names and dates.
type Details struct {
	// Bits of KeyUsage, by RFC 5280's names; none where the extension
	// is missing.
	KeyUsage *[]string `wit:"key-usage"`
	// Purposes of ExtendedKeyUsage (`serverAuth`, else the identifier);
	// none where the extension is missing.
	ExtendedKeyUsage *[]string `wit:"extended-key-usage"`
	// pathLenConstraint.
	PathLength *uint32 `wit:"path-length"`
	// SubjectAltName: `DNS:example.org`, `IP:192.0.2.1`.
	AlternativeNames []string `wit:"alternative-names"`
	// NameConstraints, permitted.
	Permitted []string `wit:"permitted"`
	// NameConstraints, excluded.
	Excluded []string `wit:"excluded"`
	// Identifiers of critical extensions that are not known.
	UnknownCritical []string `wit:"unknown-critical"`
	// Where it departs from strict DER or RFC 5280, in words.
	Departures []string `wit:"departures"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// KnownRoots: Mozilla's list, as it is known to the engine.
type KnownRoots struct {
	// Its date, in seconds since 1970-01-01 UTC.
	Date int64 `wit:"date"`
	// How many roots it has.
	Count uint32 `wit:"count"`
}

// KnownRoot: A root of Mozilla's list.
type KnownRoot struct {
	// SHA-256 of its DER, in hexadecimal.
	Fingerprint string `wit:"fingerprint"`
	// Subject, as RFC 4514 writes it.
	Subject string `wit:"subject"`
	// Certificates that it issues from then on are not to be trusted;
	// seconds since 1970-01-01 UTC.
	DistrustAfter *int64 `wit:"distrust-after"`
}

// DriftKind: How sources of trust and what was made of them differ.
type DriftKind uint8

// Values of DriftKind.
const (
	// A source is not in the bundle.
	DriftKindNotInBundle DriftKind = iota
	// A certificate of the bundle has no source.
	DriftKindWithoutSource
	// The bundle is older than a source.
	DriftKindStale
	// A file among the sources is ignored by the distribution's tool.
	DriftKindIgnored
	// A file was put where the tool writes, and will be overwritten.
	DriftKindOverwritten
	// A certificate is in the directory alone, and not in the bundle.
	DriftKindDirectoryOnly
	// A hash link is missing, or hides others by a gap.
	DriftKindHashLink
)

// String is the name in the contract.
func (d DriftKind) String() string {
	switch d {
	case DriftKindNotInBundle:
		return "not-in-bundle"
	case DriftKindWithoutSource:
		return "without-source"
	case DriftKindStale:
		return "stale"
	case DriftKindIgnored:
		return "ignored"
	case DriftKindOverwritten:
		return "overwritten"
	case DriftKindDirectoryOnly:
		return "directory-only"
	case DriftKindHashLink:
		return "hash-link"
	}
	return strconv.Itoa(int(d))
}

// Drift: One difference.
type Drift struct {
	// How they differ.
	Kind DriftKind `wit:"kind"`
	// The file.
	Path string `wit:"path"`
	// Subject of the certificate that it is about; empty for files.
	Subject string `wit:"subject"`
	// In words.
	Detail string `wit:"detail"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// GetLayout: How this host keeps trust.
func GetLayout() (Layout, error) {
	return getLayout()
}

// GetPool: What a library trusts on this host.
func GetPool(request PoolRequest) (Pool, error) {
	return getPool(request)
}

// PoolCertificates: Certificates of a pool in the library's order, those that it can't use
// among them, from index `offset`, at most `limit` (the engine gives no
// more than 256).
func PoolCertificates(request PoolRequest, offset uint32, limit uint32) ([]PoolCertificate, error) {
	return poolCertificates(request, offset, limit)
}

// GetDetails: What a certificate says, by the SHA-256 of its DER in hexadecimal.
// Absent where no store has it.
func GetDetails(fingerprint string) (Details, error) {
	return getDetails(fingerprint)
}

// GetKnownRoots: Mozilla's list.
func GetKnownRoots() KnownRoots {
	return getKnownRoots()
}

// FindKnownRoot: A root of Mozilla's list by the SHA-256 of its DER. Absent where it is
// not in the list.
func FindKnownRoot(fingerprint string) (KnownRoot, error) {
	return findKnownRoot(fingerprint)
}

// MissingKnownRoots: Roots of Mozilla's list that no store of the host has, by subject,
// from index `offset`, at most `limit` (no more than 256).
func MissingKnownRoots(offset uint32, limit uint32) ([]KnownRoot, error) {
	return missingKnownRoots(offset, limit)
}

// Drifts: How sources and what was made of them differ, by path, from index
// `offset`, at most `limit` (no more than 256).
func Drifts(offset uint32, limit uint32) ([]Drift, error) {
	return drifts(offset, limit)
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
