//go:build !wasip1

package main

import (
	"testing"

	"casefile/policy"
	"casefile/policy/policytest"
	"casefile/policy/sysctl"
)

func TestBacklog(t *testing.T) {
	for _, test := range []struct {
		name    string
		value   int64
		err     error
		outcome policy.Outcome
	}{
		{"long", 4096, nil, policy.OutcomePass},
		{"just enough", 1024, nil, policy.OutcomePass},
		{"short", 128, nil, policy.OutcomeFail},
		{"denied", 0, &policy.Absent{Path: "somaxconn", Reason: policy.ReasonDenied}, policy.OutcomeUnknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			policytest.Set(t, &sysctl.Fake.GetNumber, func(string) (sysctl.Number, error) {
				return sysctl.Number{Value: test.value}, test.err
			})
			findings := policytest.Judge(t, "backlog-short")
			if len(findings) != 1 || findings[0].Outcome != test.outcome {
				t.Fatalf("%+v is not %v", findings, test.outcome)
			}
		})
	}
}
