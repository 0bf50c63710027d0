// The rules that ask: one for each interface, a finding for each call. Those
// about programs stand in programs.ts.

import {
  audit as audits,
  cgroup as groups,
  data as packed,
  environment as variables,
  files as paths,
  host as system,
  kernelLog as kernel,
  log as logs,
  network as sockets,
  parameters as own,
  process as processes,
  runtime as runtimes,
  script as scripts,
  sysctl as settings,
  trust as anchors,
} from "casefile";
import type { Finding } from "casefile";
import { Calls, PAGES, answer, call } from "./calls";
import { someStarts } from "./programs";
import * as show from "./show";

/** Processes that are looked at. */
const PROCESSES = 12;

const LAST_PID = 4294967295;
const { text, list, number, option } = show;

/** The first processes, as pages of five give them. */
function firstPids(calls: Calls): number[] {
  const pids: number[] = [];
  while (pids.length < PROCESSES) {
    const after = pids.at(-1) ?? 0;
    const subject = call("process.pids", number(after), number(5));
    const page = calls.ask(subject, () => processes.pids(after, 5), list(number));
    if (!page?.length) break;
    pids.push(...page);
  }
  return pids.slice(0, PROCESSES);
}

export function host(): Finding[] {
  const calls = new Calls();
  calls.findings.push(answer("host.snapshot-kind()", show.name(system.snapshotKind())));
  calls.ask("host.architecture()", system.architecture, text);
  calls.ask("host.os()", system.os, show.osRelease);
  calls.ask("host.running-kernel()", system.runningKernel, show.kernel);
  calls.ask("host.memory-total()", system.memoryTotal, show.memory);
  calls.ask("host.cpu()", system.cpu, show.processors);
  calls.ask("host.mounted()", system.mounted, show.mounts);
  for (const name of ["CommitLimit", "NoSuch"]) {
    const subject = call("host.memory-figure", text(name));
    calls.ask(subject, () => system.memoryFigure(name), show.figure);
  }
  for (const what of ["cpu", "memory", "io"] as const) {
    calls.ask(call("host.get-pressure", what), () => system.getPressure(what), show.pressure);
  }
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
  for (const pid of [...firstPids(calls), LAST_PID]) {
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
    const memory = call("process.get-memory", shown);
    calls.ask(memory, () => processes.getMemory(pid), show.processMemory);
    const mappings = call("process.get-mappings", shown);
    calls.ask(mappings, () => processes.getMappings(pid), show.mappings);
    calls.ask(call("process.get-watches", shown), () => processes.getWatches(pid), show.watches);
    calls.ask(call("process.get-started", shown), () => processes.getStarted(pid), show.started);
  }
  return calls.findings;
}

const RESOURCES = ["memory", "memory-high", "swap", "pids", "cpu"] as const;

export function cgroup(): Finding[] {
  const calls = new Calls();
  const found = new Set(["/", "/no/such"]);
  const pids = firstPids(calls);
  for (const pid of pids) {
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
  const members: groups.Member[] = [
    ...[...pids, LAST_PID].slice(0, 2).map((value) => ({ kind: "process" as const, value })),
    ...[...found].slice(0, 3).map((value) => ({ kind: "group" as const, value })),
  ];
  for (const member of members) {
    for (const what of RESOURCES) {
      const given = [show.variant()(member), what];
      const limits = call("cgroup.limits", ...given);
      calls.ask(limits, () => groups.limits(member, what), show.levels);
      const events = call("cgroup.events", ...given);
      calls.ask(events, () => groups.events(member, what), list(show.event));
    }
  }
  return calls.findings;
}

export function kernelLog(): Finding[] {
  const calls = new Calls();
  calls.ask("kernel-log.get-coverage()", kernel.getCoverage, show.coverage);
  for (const containing of ["", "oom", "größe"]) {
    const getter = (offset: number, limit: number) => kernel.lines(containing, offset, limit);
    calls.turn("kernel-log.lines", [text(containing)], 3, getter, show.line);
  }
  calls.turn("kernel-log.memory-kills", [], 3, kernel.memoryKills, show.memoryKill);
  return calls.findings;
}

export function network(): Finding[] {
  const calls = new Calls();
  for (const name of ["TcpExtListenOverflows", "TcpAttemptFails", "NoSuch"]) {
    const subject = call("network.get-counter", text(name));
    calls.ask(subject, () => sockets.getCounter(name), show.counter);
  }
  calls.ask("network.get-sockets()", sockets.getSockets, show.sockets);
  calls.ask("network.get-most-waiting()", sockets.getMostWaiting, show.counter);
  calls.turn("network.listeners", [], 4, sockets.listeners, show.listener);
  return calls.findings;
}

const BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

const UNSET = { version: null, certificateFile: null, certificateDirectory: null };

/** Pools as they are without environment, and with it. */
const POOL_REQUESTS: anchors.PoolRequest[] = [
  { library: "go", ...UNSET },
  { library: "openssl", ...UNSET },
  { library: "gnutls", ...UNSET },
  { ...UNSET, library: "go", version: "go1.22", certificateFile: BUNDLE },
  {
    ...UNSET,
    library: "openssl",
    certificateFile: BUNDLE,
    certificateDirectory: "/no/such:/etc/größe",
  },
];

export function trust(): Finding[] {
  const calls = new Calls();
  const stores = calls.ask("trust.get-stores()", anchors.getStores, show.stores);
  const found = stores?.known.map((store) => store.path) ?? [];
  const fingerprints: string[] = [];
  for (const path of [...found, "/no/such"]) {
    const getter = (offset: number, limit: number) => anchors.certificates(path, offset, limit);
    const given = [text(path)];
    const certificates = calls.turn("trust.certificates", given, 7, getter, show.certificate);
    fingerprints.push(...certificates.slice(0, 2).map((certificate) => certificate.fingerprint));
  }
  calls.ask("trust.get-layout()", anchors.getLayout, show.layout);
  for (const request of POOL_REQUESTS) {
    const given = [show.poolRequest(request)];
    calls.ask(call("trust.get-pool", ...given), () => anchors.getPool(request), show.pool);
    const getter = (offset: number, limit: number) =>
      anchors.poolCertificates(request, offset, limit);
    calls.turn("trust.pool-certificates", given, 3, getter, show.poolCertificate);
  }
  for (const fingerprint of [...fingerprints.slice(0, 3), "00"]) {
    const shown = text(fingerprint);
    const details = call("trust.get-details", shown);
    calls.ask(details, () => anchors.getDetails(fingerprint), show.details);
    const root = call("trust.find-known-root", shown);
    calls.ask(root, () => anchors.findKnownRoot(fingerprint), show.knownRoot);
  }
  calls.findings.push(answer("trust.get-known-roots()", show.knownRoots(anchors.getKnownRoots())));
  calls.turn("trust.missing-known-roots", [], 3, anchors.missingKnownRoots, show.knownRoot);
  calls.turn("trust.drifts", [], 5, anchors.drifts, show.drift);
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
  for (const pid of [...firstPids(calls), LAST_PID]) {
    const shown = number(pid);
    calls.ask(call("environment.names", shown), () => variables.names(pid), list(text));
    for (const name of ["PATH", "GOMEMLIMIT", "SECRET_TOKEN", "GRÖSSE", ""]) {
      const subject = call("environment.get", shown, text(name));
      calls.ask(subject, () => variables.get(pid, name), show.variable);
    }
  }
  for (const index of someStarts(calls)) {
    const shown = number(index);
    const names = call("environment.names-of-start", shown);
    calls.ask(names, () => variables.namesOfStart(index), list(text));
    for (const name of ["PATH", "NO_SUCH"]) {
      const subject = call("environment.of-start", shown, text(name));
      calls.ask(subject, () => variables.ofStart(index, name), show.variable);
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
  for (const path of ["/", "/no/such"]) {
    calls.ask(call("files.get-space", text(path)), () => paths.getSpace(path), show.space);
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
