// What a policy in JavaScript may try to get out of its sandbox, a rule for
// each attempt: how it ends is what the finding's `actual` says, or the engine
// stops the rule.

import { Finding, policy } from "casefile";

/** What an attempt gives, or what it throws. */
async function outcome(attempt) {
  try {
    return String(await attempt());
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

const rule = (code, title, attempt) => ({
  code,
  title,
  severity: "info",
  exitClass: "limits",
  documentation: `## What it checks

How the sandbox answers this attempt.

## Why it matters

A policy sees the facts of one snapshot, and nothing else.

## How to fix

There is nothing to fix.

## References

- casefile(1)
`,
  async judge() {
    return Finding.pass(code, "was answered", { actual: await outcome(attempt) });
  },
});

export default policy({
  id: "escapes-js",
  version: "0.1.0",
  title: "Attempts to get out of the sandbox",
  needs: [],
  rules: [
    rule("opens-file", "It opens a file", async () => {
      const { readFileSync } = await import("node:fs");
      return readFileSync("/etc/passwd", "utf8");
    }),
    rule("reads-environment", "It reads the environment", () => process.env.PATH),
    rule("connects", "It connects to another host", () => fetch("http://192.0.2.1/")),
    rule("reads-clock-twice", "It reads the clock twice", () => `${Date.now()} ${Date.now()}`),
    rule("spawns", "It starts a program", async () => {
      const { execFileSync } = await import("node:child_process");
      return execFileSync("id");
    }),
    rule("reads-random-twice", "It reads random numbers twice", () => {
      return `${Math.random()} ${Math.random()}`;
    }),
    rule("writes-gigabyte", "It writes a gigabyte of messages", () => {
      const mebibyte = "x".repeat(1 << 20);
      for (let written = 0; written < 1024; written += 1) console.log(mebibyte);
      return "written";
    }),
    rule("grows-memory", "It takes all memory", () => {
      const taken = [];
      for (;;) taken.push(new Uint8Array(1 << 20));
    }),
    rule("loops", "It does not end", () => {
      for (;;);
    }),
  ],
});
