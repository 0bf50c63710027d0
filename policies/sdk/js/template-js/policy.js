// Settings of the network stack.

import { Finding, parameters, policy, sysctl } from "casefile";

const SOMAXCONN = "net.core.somaxconn";

export default policy({
  id: "policy-name",
  version: "0.1.0",
  title: "Settings of the network stack",
  // What else it asks answers `unknown` (denied).
  needs: ["sysctl"],
  parameters: {
    least: {
      default: 1024,
      documentation: "Fewest connections that may wait to be accepted.",
    },
  },
  rules: [
    {
      code: "backlog-short",
      title: "The listen backlog is short",
      severity: "medium",
      exitClass: "network",
      documentation: `## What it checks

Whether \`net.core.somaxconn\`, the most connections that may wait to be accepted by a program, is at least the parameter \`least\`.

## Why it matters

Connections beyond it are dropped: clients see timeouts under load, and nothing is logged.

## How to fix

Write \`net.core.somaxconn = 1024\` into a file in \`/etc/sysctl.d\`, and run \`sysctl --system\`. Restart the programs that listen: the value counts when they call listen(2).

## References

- listen(2)
- Documentation/admin-guide/sysctl/net.rst of the kernel
`,
      judge: backlog,
    },
  ],
});

// Getters throw an Absence where the evidence is missing. Not to catch it is
// always right: the rule ends `unknown`, with what was missing and why.
function backlog() {
  const least = parameters.integer("least");
  const { value, evidence } = sysctl.getNumber(SOMAXCONN);
  const seen = { actual: value, wanted: `>= ${least}`, evidence: [evidence] };
  if (value >= least) {
    return Finding.pass(SOMAXCONN, "the listen backlog is long enough", seen);
  }
  return Finding.fail(SOMAXCONN, "connections are dropped under load", {
    ...seen,
    remedy: `set net.core.somaxconn to ${least}`,
  });
}
