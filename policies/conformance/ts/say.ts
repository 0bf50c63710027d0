// The rules that say: findings with everything that a finding may hold.

import { Absence, Finding, host, sysctl } from "casefile";
import type { FindingOptions, Outcome, Reason } from "casefile";

const plain = (outcome: Outcome, subject: string, more?: FindingOptions) =>
  new Finding(outcome, subject, "says", more);

const REASONS: Reason[] = [
  "denied",
  "timed-out",
  "too-large",
  "redacted",
  "not-collected",
  "unreadable",
  "vanished",
  "not-regular",
  "malformed",
  "needs-running-kernel",
];

/** The evidence of a fact; none where there is no fact. */
function cited(getter: () => { evidence: number }): number[] {
  try {
    return [getter().evidence];
  } catch (error) {
    if (error instanceof Absence) return [];
    throw error;
  }
}

export function* values(): Generator<Finding> {
  for (const outcome of ["pass", "fail", "unknown", "not-applicable"] as const) {
    yield plain(outcome, `outcome ${outcome}`);
  }
  for (const severity of ["info", "low", "medium", "high", "critical"] as const) {
    yield plain("fail", `severity ${severity}`, { severity });
  }
  for (const confidence of ["proven", "inferred", "heuristic"] as const) {
    yield plain("pass", `confidence ${confidence}`, { confidence });
  }
  const texts: [string, string | bigint][] = [
    ["empty", ""],
    ["control", '"quoted" \\ back\n\ttab\r\x7f\0\x1b'],
    ["scripts", "日本語 עברית e\u{301} \u{1f600} \u{10ffff} \u{fffd}"],
    ["long", "größer ".repeat(20_000)],
    ["least", -(2n ** 63n)],
    ["greatest", 2n ** 63n - 1n],
    ["greatest unsigned", 2n ** 64n - 1n],
  ];
  for (const [word, text] of texts) {
    const shown = String(text);
    yield new Finding("pass", `text ${word}`, shown, {
      actual: text,
      wanted: text,
      remedy: shown,
    });
  }
  const missing = REASONS.map((reason) => new Absence("/größe", "unknown", reason, "détail"));
  missing.unshift(new Absence("/absent", "absent"));
  yield Finding.unknown("missing", "says", missing);
  // Read twice, cited in another order and more than once.
  const evidence = [...cited(() => sysctl.get("kernel.ostype")), ...cited(host.os)];
  yield plain("pass", "evidence", { evidence: [...evidence.toReversed(), ...evidence] });
  yield plain("pass", "");
}

export function error(): never {
  throw new Absence("/größe/日本", "unknown", "timed-out", "says « nothing »");
}
