// Settings of the network stack.
package main

import (
	"embed"

	"casefile/policy"
	"casefile/policy/parameters"
	"casefile/policy/sysctl"
)

// The documentation of a rule is the file rules/CODE.md.
//
//go:embed rules
var rules embed.FS

func init() {
	policy.Register(policy.Policy{
		ID:            "policy-name",
		Version:       "0.1.0",
		Title:         "Settings of the network stack",
		Documentation: rules,
		Parameters: []policy.Parameter{
			policy.IntegerParameter("least", 1024, "Fewest connections that may wait to be accepted."),
		},
		Rules: []policy.Rule{{
			Code:      "backlog-short",
			Title:     "The listen backlog is short",
			Severity:  policy.SeverityMedium,
			ExitClass: policy.ExitClassNetwork,
			Judge:     backlog,
		}},
	})
}

// To return the error of a getter is always right: an absence becomes unknown,
// with the evidence that was missing and why.
func backlog() ([]policy.Finding, error) {
	least, err := parameters.Integer("least")
	if err != nil {
		return nil, err
	}
	const subject = "net.core.somaxconn"
	setting, err := sysctl.GetNumber(subject)
	if err != nil {
		return nil, err
	}
	var finding policy.Finding
	if setting.Value >= least {
		finding = policy.Pass(subject, "the listen backlog is long enough")
	} else {
		finding = policy.Fail(subject, "connections are dropped under load").
			Remedy("set net.core.somaxconn to %d", least)
	}
	finding = finding.Actual(setting.Value).Wanted(">= %d", least).Evidence(setting.Evidence)
	return []policy.Finding{finding}, nil
}

// Never called: a policy has no beginning and no end, only rules.
func main() {}
