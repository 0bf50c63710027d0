// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package trust

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_trust"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func getLayout() (Layout, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetLayout()
	if result.Tag() == witTypes.ResultErr {
		var zero Layout
		return zero, lift.Absent(result.Err())
	}
	return liftLayout(result.Ok()), nil
}

func getPool(request PoolRequest) (Pool, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetPool(lowerPoolRequest(request))
	if result.Tag() == witTypes.ResultErr {
		var zero Pool
		return zero, lift.Absent(result.Err())
	}
	return liftPool(result.Ok()), nil
}

func poolCertificates(request PoolRequest, offset uint32, limit uint32) ([]PoolCertificate, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.PoolCertificates(lowerPoolRequest(request), offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []PoolCertificate
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftPoolCertificate), nil
}

func getDetails(fingerprint string) (Details, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetDetails(fingerprint)
	if result.Tag() == witTypes.ResultErr {
		var zero Details
		return zero, lift.Absent(result.Err())
	}
	return liftDetails(result.Ok()), nil
}

func getKnownRoots() KnownRoots {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	return liftKnownRoots(raw.GetKnownRoots())
}

func findKnownRoot(fingerprint string) (KnownRoot, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.FindKnownRoot(fingerprint)
	if result.Tag() == witTypes.ResultErr {
		var zero KnownRoot
		return zero, lift.Absent(result.Err())
	}
	return liftKnownRoot(result.Ok()), nil
}

func missingKnownRoots(offset uint32, limit uint32) ([]KnownRoot, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.MissingKnownRoots(offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []KnownRoot
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftKnownRoot), nil
}

func drifts(offset uint32, limit uint32) ([]Drift, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Drifts(offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Drift
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftDrift), nil
}

func getStores() (Stores, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetStores()
	if result.Tag() == witTypes.ResultErr {
		var zero Stores
		return zero, lift.Absent(result.Err())
	}
	return liftStores(result.Ok()), nil
}

func certificates(store string, offset uint32, limit uint32) ([]Certificate, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Certificates(store, offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Certificate
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftCertificate), nil
}

func liftStoreKind(from raw.StoreKind) StoreKind {
	return StoreKind(from)
}

func liftStore(from raw.Store) Store {
	var to Store
	to.Path = from.Path
	to.Kind = liftStoreKind(from.Kind)
	to.RealPath = from.RealPath
	to.Certificates = from.Certificates
	to.Unparsable = from.Unparsable
	to.Evidence = from.Evidence
	return to
}

func liftKey(from raw.Key) Key {
	to := Key{Case: KeyCase(from.Tag())}
	switch to.Case {
	case KeyRsa:
		to.Rsa.F0 = from.Rsa().F0
		to.Rsa.F1 = from.Rsa().F1
	case KeyElliptic:
		to.Elliptic.F0 = from.Elliptic().F0
		to.Elliptic.F1 = from.Elliptic().F1
	case KeyDsa:
		to.Dsa = from.Dsa()
	case KeyEdwards:
		to.Edwards = from.Edwards()
	case KeyOther:
		to.Other = from.Other()
	}
	return to
}

func liftSelfSignature(from raw.SelfSignature) SelfSignature {
	return SelfSignature(from)
}

func liftCertificate(from raw.Certificate) Certificate {
	var to Certificate
	to.Path = from.Path
	to.Position = from.Position
	to.Fingerprint = from.Fingerprint
	to.KeyFingerprint = from.KeyFingerprint
	to.Subject = from.Subject
	to.Issuer = from.Issuer
	to.Serial = from.Serial
	to.NotBefore = from.NotBefore
	to.NotAfter = from.NotAfter
	to.Version = from.Version
	to.Authority = from.Authority.Pointer()
	to.Key = liftKey(from.Key)
	to.Signature = from.Signature
	to.SelfSigned = liftSelfSignature(from.SelfSigned)
	to.Evidence = from.Evidence
	return to
}

func liftStores(from raw.Stores) Stores {
	var to Stores
	to.Known = lift.Each(from.Known, liftStore)
	to.Unknown = lift.Each(from.Unknown, lift.Absent)
	return to
}

func liftLayoutKind(from raw.LayoutKind) LayoutKind {
	return LayoutKind(from)
}

func liftLayout(from raw.Layout) Layout {
	var to Layout
	to.Kind = liftLayoutKind(from.Kind)
	to.OpensslDirectory = from.OpensslDirectory
	to.GnutlsSource = from.GnutlsSource
	to.Evidence = from.Evidence
	return to
}

func lowerPoolRequest(from PoolRequest) raw.PoolRequest {
	var to raw.PoolRequest
	to.Library = raw.Library(from.Library)
	to.Version = witTypes.OptionOf(from.Version)
	to.CertificateFile = witTypes.OptionOf(from.CertificateFile)
	to.CertificateDirectory = witTypes.OptionOf(from.CertificateDirectory)
	return to
}

func liftPoolSource(from raw.PoolSource) PoolSource {
	var to PoolSource
	to.Path = from.Path
	to.Kind = liftStoreKind(from.Kind)
	to.Present = from.Present
	to.Added = from.Added
	return to
}

func liftPool(from raw.Pool) Pool {
	var to Pool
	to.Count = from.Count
	to.Sources = lift.Each(from.Sources, liftPoolSource)
	to.Rejected = from.Rejected
	to.Unknown = lift.Each(from.Unknown, lift.Absent)
	return to
}

func liftPoolCertificate(from raw.PoolCertificate) PoolCertificate {
	var to PoolCertificate
	to.Fingerprint = from.Fingerprint
	to.Subject = from.Subject
	to.Path = from.Path
	to.Position = from.Position
	to.Rejected = from.Rejected.Pointer()
	to.Evidence = from.Evidence
	return to
}

func liftDetails(from raw.Details) Details {
	var to Details
	to.KeyUsage = from.KeyUsage.Pointer()
	to.ExtendedKeyUsage = from.ExtendedKeyUsage.Pointer()
	to.PathLength = from.PathLength.Pointer()
	to.AlternativeNames = from.AlternativeNames
	to.Permitted = from.Permitted
	to.Excluded = from.Excluded
	to.UnknownCritical = from.UnknownCritical
	to.Departures = from.Departures
	to.Evidence = from.Evidence
	return to
}

func liftKnownRoots(from raw.KnownRoots) KnownRoots {
	var to KnownRoots
	to.Date = from.Date
	to.Count = from.Count
	return to
}

func liftKnownRoot(from raw.KnownRoot) KnownRoot {
	var to KnownRoot
	to.Fingerprint = from.Fingerprint
	to.Subject = from.Subject
	to.DistrustAfter = from.DistrustAfter.Pointer()
	return to
}

func liftDriftKind(from raw.DriftKind) DriftKind {
	return DriftKind(from)
}

func liftDrift(from raw.Drift) Drift {
	var to Drift
	to.Kind = liftDriftKind(from.Kind)
	to.Path = from.Path
	to.Subject = from.Subject
	to.Detail = from.Detail
	to.Evidence = from.Evidence
	return to
}
