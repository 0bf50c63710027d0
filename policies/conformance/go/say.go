package main

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"casefile/policy"
	"casefile/policy/host"
	"casefile/policy/sysctl"
)

const says = "says"

func saysValues() ([]policy.Finding, error) {
	findings := []policy.Finding{
		policy.Pass("outcome pass", says),
		policy.Fail("outcome fail", says),
		policy.Unknown("outcome unknown", says),
		policy.NotApplicable("outcome not-applicable", says),
	}
	for severity := policy.SeverityInfo; severity <= policy.SeverityCritical; severity++ {
		findings = append(findings, policy.Fail("severity "+severity.String(), says).Severity(severity))
	}
	for confidence := policy.ConfidenceProven; confidence <= policy.ConfidenceHeuristic; confidence++ {
		findings = append(findings, policy.Pass("confidence "+confidence.String(), says).Confidence(confidence))
	}
	for _, one := range []struct{ word, text string }{
		{"empty", ""},
		{"control", "\"quoted\" \\ back\n\ttab\r\x7f\x00\x1b"},
		{"scripts", "日本語 עברית e\u0301 \U0001f600 \U0010ffff \ufffd"},
		{"long", strings.Repeat("größer ", 20_000)},
		{"least", strconv.FormatInt(math.MinInt64, 10)},
		{"greatest", strconv.FormatInt(math.MaxInt64, 10)},
		{"greatest unsigned", strconv.FormatUint(math.MaxUint64, 10)},
	} {
		findings = append(findings,
			policy.Pass("text "+one.word, one.text).Actual(one.text).Wanted(one.text).Remedy(one.text))
	}
	missing := []*policy.Absent{{Path: "/absent"}}
	for reason := policy.ReasonDenied; reason <= policy.ReasonNeedsRunningKernel; reason++ {
		missing = append(missing, &policy.Absent{Path: "/größe", Reason: reason, Detail: "détail"})
	}
	findings = append(findings, policy.Unknown("missing", says, missing...))
	// Read twice, cited in another order and more than once.
	var cited []policy.Evidence
	if setting, err := sysctl.Get("kernel.ostype"); err == nil {
		cited = append(cited, setting.Evidence)
	}
	if os, err := host.OS(); err == nil {
		cited = append(cited, os.Evidence)
	}
	reversed := slices.Clone(cited)
	slices.Reverse(reversed)
	findings = append(findings, policy.Pass("evidence", says).Evidence(reversed...).Evidence(cited...))
	return append(findings, policy.Pass("", says)), nil
}

func saysError() ([]policy.Finding, error) {
	return nil, &policy.Absent{
		Path:   "/größe/日本",
		Reason: policy.ReasonTimedOut,
		Detail: "says « nothing »",
	}
}
