//go:build !wasip1

// Package policytest judges by a policy's rules natively, in plain go test,
// with fakes in the engine's place:
//
//	func TestBacklog(t *testing.T) {
//		policytest.Set(t, &sysctl.Fake.GetNumber, func(string) (sysctl.Number, error) {
//			return sysctl.Number{Value: 128}, nil
//		})
//		findings := policytest.Judge(t, "backlog-short")
//		...
//	}
//
// Cases (cases/*.toml) test the component itself, in the engine; this is for
// steps within a rule that are better tested one by one.
package policytest

import (
	"testing"

	"casefile/policy"
	"casefile/policy/parameters"
)

// Set puts a fake in its place until the test ends.
func Set[F any](t testing.TB, place *F, fake F) {
	t.Helper()
	before := *place
	*place = fake
	t.Cleanup(func() { *place = before })
}

// Parameters gives parameters these values; others have their defaults.
func Parameters(t testing.TB, values map[string]policy.Value) {
	t.Helper()
	Set(t, &parameters.Fake.Get, func(name string) (policy.Value, error) {
		if value, given := values[name]; given {
			return value, nil
		}
		for _, parameter := range policy.Registered().Parameters {
			if parameter.Name == name {
				return parameter.Default, nil
			}
		}
		return policy.Value{}, &policy.Absent{Path: name}
	})
}

// Judge gives the findings of a rule of the registered policy. As the engine
// does, it makes an unknown finding of an absence, and gives parameters their
// defaults. Any other error or a panic fails the test.
func Judge(t testing.TB, code string) []policy.Fields {
	t.Helper()
	if parameters.Fake.Get == nil {
		Parameters(t, nil)
	}
	registered := policy.Registered()
	findings, absent, err := registered.Evaluate(code)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	if absent != nil {
		findings = []policy.Finding{policy.Unknown(absent.Path, absent.Error(), absent)}
	}
	fields := make([]policy.Fields, len(findings))
	for index, finding := range findings {
		fields[index] = finding.Fields()
	}
	return fields
}
