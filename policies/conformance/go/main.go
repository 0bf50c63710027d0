// The conformance policy, in Go: policies/conformance/README.md.
package main

import (
	_ "embed"
	"math"

	"casefile/policy"
)

//go:embed rules/any.md
var documentation string

func init() {
	policy.Register(policy.Policy{
		ID:      "conformance",
		Version: "1.0.0",
		Title:   "Asks everything — 日本語, עברית",
		Parameters: []policy.Parameter{
			policy.BooleanParameter("boolean", true, "Yes or no."),
			policy.IntegerParameter("least", math.MinInt64, "The least number."),
			policy.IntegerParameter("greatest", math.MaxInt64, "The greatest number."),
			policy.TextParameter("text", "größer als « 日本 »", "A text."),
			policy.TextParameter("empty", "", "No text."),
			policy.TextsParameter("texts", []string{"one", "", "ü"}, "Texts."),
			policy.TextsParameter("none", nil, "No texts."),
		},
		Rules: []policy.Rule{
			rule("host", policy.SeverityInfo, policy.ExitClassNetwork, asksHost),
			rule("sysctl", policy.SeverityLow, policy.ExitClassLimits, asksSysctl),
			rule("process", policy.SeverityMedium, policy.ExitClassLimits, asksProcess),
			rule("cgroup", policy.SeverityHigh, policy.ExitClassLimits, asksCgroup),
			rule("elf", policy.SeverityCritical, policy.ExitClassELF, asksELF),
			rule("start", policy.SeverityInfo, policy.ExitClassELF, asksStart),
			rule("go-binary", policy.SeverityLow, policy.ExitClassGoRuntime, asksGoBinary),
			rule("package-db", policy.SeverityMedium, policy.ExitClassNetwork, asksPackageDB),
			rule("tools", policy.SeverityHigh, policy.ExitClassNetwork, asksTools),
			rule("kernel-log", policy.SeverityCritical, policy.ExitClassLimits, asksKernelLog),
			rule("network", policy.SeverityInfo, policy.ExitClassNetwork, asksNetwork),
			rule("trust", policy.SeverityInfo, policy.ExitClassCertificates, asksTrust),
			rule("audit", policy.SeverityLow, policy.ExitClassAccessControl, asksAudit),
			rule("environment", policy.SeverityMedium, policy.ExitClassGoRuntime, asksEnvironment),
			rule("files", policy.SeverityHigh, policy.ExitClassUnit, asksFiles),
			rule("parameters", policy.SeverityCritical, policy.ExitClassNetwork, asksParameters),
			rule("data", policy.SeverityInfo, policy.ExitClassNetwork, asksData),
			rule("runtime", policy.SeverityLow, policy.ExitClassNetwork, asksRuntime),
			rule("script", policy.SeverityLow, policy.ExitClassNetwork, asksScript),
			rule("log", policy.SeverityLow, policy.ExitClassNetwork, asksLog),
			rule("values", policy.SeverityMedium, policy.ExitClassNetwork, saysValues),
			rule("error", policy.SeverityMedium, policy.ExitClassNetwork, saysError),
		},
	})
}

func rule(
	code string, severity policy.Severity, class policy.ExitClass, judge func() ([]policy.Finding, error),
) policy.Rule {
	return policy.Rule{
		Code:          code,
		Title:         "Asks " + code + ", « " + code + " »",
		Severity:      severity,
		ExitClass:     class,
		Documentation: documentation,
		Judge:         judge,
	}
}

func main() {}
