// The conformance policy, in JavaScript. What it asks and how values are
// written: policies/conformance/README.md.

import { policy } from "casefile";
import documentation from "../rust/rules/any.md";
import * as ask from "./ask.js";
import * as programs from "./programs.js";
import * as say from "./say.js";

const rule = (code, severity, exitClass, judge) => ({
  code,
  title: `Asks ${code}, « ${code} »`,
  severity,
  exitClass,
  documentation,
  judge,
});

export default policy({
  id: "conformance",
  version: "1.0.0",
  title: "Asks everything — 日本語, עברית",
  parameters: {
    boolean: { default: true, documentation: "Yes or no." },
    least: { default: -(2n ** 63n), documentation: "The least number." },
    greatest: { default: 2n ** 63n - 1n, documentation: "The greatest number." },
    text: { default: "größer als « 日本 »", documentation: "A text." },
    empty: { default: "", documentation: "No text." },
    texts: { default: ["one", "", "ü"], documentation: "Texts." },
    none: { default: [], documentation: "No texts." },
  },
  rules: [
    rule("host", "info", "network", ask.host),
    rule("sysctl", "low", "limits", ask.sysctl),
    rule("process", "medium", "limits", ask.process),
    rule("cgroup", "high", "limits", ask.cgroup),
    rule("elf", "critical", "elf", programs.elf),
    rule("start", "info", "elf", programs.start),
    rule("go-binary", "low", "go-runtime", programs.goBinary),
    rule("package-db", "medium", "network", programs.packageDb),
    rule("tools", "high", "network", programs.tools),
    rule("kernel-log", "critical", "limits", ask.kernelLog),
    rule("network", "info", "network", ask.network),
    rule("trust", "info", "certificates", ask.trust),
    rule("audit", "low", "access-control", ask.audit),
    rule("environment", "medium", "go-runtime", ask.environment),
    rule("files", "high", "unit", ask.files),
    rule("parameters", "critical", "network", ask.parameters),
    rule("data", "info", "network", ask.data),
    rule("runtime", "low", "network", ask.runtime),
    rule("script", "low", "network", ask.script),
    rule("log", "low", "network", ask.log),
    rule("values", "medium", "network", say.values),
    rule("error", "medium", "network", say.error),
  ],
});
