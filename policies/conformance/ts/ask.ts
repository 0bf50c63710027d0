// The rules that ask: one for each interface, a finding for each call.

import {
  Absence,
  Finding,
  audit as audits,
  cgroup as groups,
  data as packed,
  elf as objects,
  environment as variables,
  files as paths,
  host as system,
  log as logs,
  parameters as own,
  process as processes,
  runtime as runtimes,
  script as scripts,
  sysctl as settings,
  trust as anchors,
} from "casefile";
import * as show from "./show";
import type { Show } from "./show";

/** Processes and programs that are looked at. */
const PROCESSES = 12;
const PROGRAMS = 12;
/** Pages that are turned. */
const PAGES = 3;
const LAST_PID = 4294967295;

const { text, list, number, option } = show;

/** A call: `sysctl.get("fs.nr_open")`. */
const call = (name: string, ...given: string[]) => `${name}(${given.join(", ")})`;

const answer = (subject: string, actual: string) => Finding.pass(subject, "answers", { actual });

/** The findings of one rule as its calls give them. */
class Calls {
  readonly findings: Finding[] = [];

  /** Makes a call that may have no value; gives it, where there is one. */
  ask<T>(subject: string, getter: () => T, ok: Show): T | undefined {
    try {
      const value = getter();
      this.findings.push(answer(subject, `ok(${ok(value)})`));
      return value;
    } catch (error) {
      if (!(error instanceof Absence)) throw error;
      this.findings.push(answer(subject, `err(${show.absence(error)})`));
      return undefined;
    }
  }

  /** The first processes, as pages of five give them. */
  firstPids(): number[] {
    const pids: number[] = [];
    while (pids.length < PROCESSES) {
      const after = pids.at(-1) ?? 0;
      const subject = call("process.pids", number(after), number(5));
      const page = this.ask(subject, () => processes.pids(after, 5), list(number));
      if (!page?.length) break;
      pids.push(...page);
    }
    return pids.slice(0, PROCESSES);
  }
}

export function host(): Finding[] {
  const calls = new Calls();
  calls.findings.push(answer("host.snapshot-kind()", show.kind(system.snapshotKind())));
  calls.ask("host.architecture()", system.architecture, text);
  calls.ask("host.os()", system.os, show.osRelease);
  calls.ask("host.running-kernel()", system.runningKernel, show.kernel);
  calls.ask("host.memory-total()", system.memoryTotal, show.memory);
  calls.ask("host.cpu()", system.cpu, show.processors);
  calls.ask("host.mounted()", system.mounted, show.mounts);
  return calls.findings;
}

export function sysctl(): Finding[] {
  const calls = new Calls();
  for (const name of [
    "kernel.ostype",
    "kernel.hostname",
    "net.ipv4.ip_local_port_range",
    "net/ipv4/conf/eth0.1/rp_filter",
    "fs.nr_open",
    "no.such",
    "größe",
    "",
  ]) {
    calls.ask(call("sysctl.get", text(name)), () => settings.get(name), show.setting);
  }
  for (const name of [
    "fs.nr_open",
    "fs.file-max",
    "kernel.ostype",
    "net.core.somaxconn",
    "vm.least",
    "no.such",
  ]) {
    const subject = call("sysctl.get-number", text(name));
    calls.ask(subject, () => settings.getNumber(name), show.settingNumber);
  }
  for (const prefix of ["net.core", "net.ipv4.conf", "no.such", ""]) {
    calls.ask(call("sysctl.names", text(prefix)), () => settings.names(prefix), list(text));
  }
  return calls.findings;
}

const LIMITED: processes.Limited[] = [
  "cpu",
  "file-size",
  "data",
  "stack-size",
  "core",
  "resident-set",
  "processes",
  "open-files",
  "locked-memory",
  "address-space",
  "file-locks",
  "pending-signals",
  "message-queues",
  "nice",
  "real-time-priority",
  "real-time-timeout",
];

export function process(): Finding[] {
  const calls = new Calls();
  for (const pid of [...calls.firstPids(), LAST_PID]) {
    const shown = number(pid);
    calls.ask(call("process.get-status", shown), () => processes.getStatus(pid), show.status);
    for (const what of LIMITED) {
      const subject = call("process.get-limit", shown, what);
      calls.ask(subject, () => processes.getLimit(pid, what), show.limit);
    }
    const open = call("process.get-descriptors", shown);
    calls.ask(open, () => processes.getDescriptors(pid), show.descriptors);
    const program = call("process.get-executable", shown);
    calls.ask(program, () => processes.getExecutable(pid), show.executable);
  }
  return calls.findings;
}

export function cgroup(): Finding[] {
  const calls = new Calls();
  const found = new Set(["/", "/no/such"]);
  for (const pid of calls.firstPids()) {
    const subject = call("cgroup.of-process", number(pid));
    const memberships = calls.ask(subject, () => groups.ofProcess(pid), show.memberships);
    for (const { hierarchy, path } of memberships?.entries ?? []) {
      if (hierarchy === 0) found.add(path);
    }
  }
  for (const path of found) {
    for (const file of ["pids.max", "memory.max", "cgroup.controllers"]) {
      const subject = call("cgroup.get", text(path), text(file));
      calls.ask(subject, () => groups.get(path, file), show.control);
    }
  }
  return calls.findings;
}

export function elf(): Finding[] {
  const calls = new Calls();
  const programs: string[] = [];
  for (let offset = 0; programs.length < PROGRAMS; offset += 4) {
    const subject = call("elf.programs", number(offset), number(4));
    const page = calls.ask(subject, () => objects.programs(offset, 4), list(show.program));
    if (!page?.length) break;
    programs.push(...page.map((program) => program.path));
  }
  programs.splice(PROGRAMS);
  programs.push("/etc/os-release", "/no/such", "relative", "");
  for (const path of programs) {
    calls.ask(call("elf.get-file", text(path)), () => objects.getFile(path), show.elfFile);
    for (const libraryPath of [null, "/opt/lib::/usr/lib/größe"]) {
      const subject = call("elf.resolve", text(path), option(text)(libraryPath));
      calls.ask(subject, () => objects.resolve(path, libraryPath), show.resolution);
    }
  }
  return calls.findings;
}

export function trust(): Finding[] {
  const calls = new Calls();
  const stores = calls.ask("trust.get-stores()", anchors.getStores, show.stores);
  const found = stores?.known.map((store) => store.path) ?? [];
  for (const path of [...found, "/no/such"]) {
    let offset = 0;
    for (let turned = 0; turned < PAGES; turned += 1) {
      const subject = call("trust.certificates", text(path), number(offset), number(7));
      const getter = () => anchors.certificates(path, offset, 7);
      const page = calls.ask(subject, getter, list(show.certificate));
      if (!page?.length) break;
      offset += page.length;
    }
  }
  return calls.findings;
}

export function audit(): Finding[] {
  const calls = new Calls();
  const filters: audits.Filter[] = [
    { recordTypes: [], since: null },
    { recordTypes: ["AVC", "größe"], since: 0n },
    { recordTypes: [], since: -(2n ** 63n) },
    { recordTypes: [], since: 2n ** 63n - 1n },
  ];
  for (const filter of filters) {
    let cursor = 0;
    for (let turned = 0; turned < PAGES; turned += 1) {
      const subject = call("audit.records", show.filter(filter), number(cursor), number(4));
      const page = calls.ask(subject, () => audits.records(filter, cursor, 4), show.page);
      if (page?.next == null) break;
      cursor = page.next;
    }
  }
  return calls.findings;
}

export function environment(): Finding[] {
  const calls = new Calls();
  for (const pid of [...calls.firstPids(), LAST_PID]) {
    const shown = number(pid);
    calls.ask(call("environment.names", shown), () => variables.names(pid), list(text));
    for (const name of ["PATH", "GOMEMLIMIT", "SECRET_TOKEN", "GRÖSSE", ""]) {
      const subject = call("environment.get", shown, text(name));
      calls.ask(subject, () => variables.get(pid, name), show.variable);
    }
  }
  return calls.findings;
}

export function files(): Finding[] {
  const calls = new Calls();
  for (const path of [
    "/",
    "/etc",
    "/etc/os-release",
    "/etc/long",
    "/etc/größe/日本",
    "/etc/empty",
    "/etc/binary",
    "/proc/1/status",
    "/etc/shadow",
    "/no/such",
    "relative",
    "",
  ]) {
    const shown = text(path);
    calls.ask(call("files.get-stat", shown), () => paths.getStat(path), show.stat);
    calls.ask(call("files.read-text", shown), () => paths.readText(path), show.fileText);
    calls.ask(call("files.read-directory", shown), () => paths.readDirectory(path), show.listing);
    for (const name of ["security.selinux", "security.capability"]) {
      const subject = call("files.get-attribute", shown, text(name));
      calls.ask(subject, () => paths.getAttribute(path, name), show.attribute);
    }
  }
  return calls.findings;
}

export function parameters(): Finding[] {
  const calls = new Calls();
  for (const name of [
    "boolean",
    "least",
    "greatest",
    "text",
    "empty",
    "texts",
    "none",
    "no-such",
  ]) {
    calls.ask(call("parameters.get", text(name)), () => own.get(name), show.parameter);
  }
  return calls.findings;
}

export function data(): Finding[] {
  const calls = new Calls();
  calls.findings.push(answer("data.names()", list(text)(packed.names())));
  for (const name of ["table.txt", "table.bin", "empty", "no-such"]) {
    calls.ask(call("data.read", text(name)), () => packed.read(name), list(number));
    calls.ask(call("data.read-text", text(name)), () => packed.readText(name), text);
  }
  return calls.findings;
}

/** The seed is another one for each policy: it is asked twice. */
export function runtime(): Finding[] {
  return [
    answer("runtime.now()", number(runtimes.now())),
    answer("runtime.seed() is the same again", String(runtimes.seed() === runtimes.seed())),
  ];
}

/** Scripts have one, and components have none: it is asked twice. */
export function script(): Finding[] {
  const [first, second] = [scripts.get(), scripts.get()].map(option(show.source));
  return [answer("script.get() is the same again", String(first === second))];
}

export function log(): Finding[] {
  const levels = ["debug", "info", "warn"] as const;
  return levels.map((level) => {
    for (const message of ["", "größe « 日本 »\n\0", "é".repeat(1000)]) logs[level](message);
    return answer(`log.write(${level})`, "true");
  });
}
