// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package trust

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_trust"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

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
