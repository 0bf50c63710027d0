// Settings of the network stack.

import { Finding, parameters, policy, sysctl } from "casefile";
import backlogShort from "./rules/backlog-short.md";

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
      documentation: backlogShort,
      judge: backlog,
    },
  ],
});

// Getters throw an Absence where the evidence is missing. Not to catch it is
// always right: the rule ends `unknown`, with what was missing and why.
function backlog(): Finding {
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
