// The rules that ask about programs: what they are, how they start, and what
// they come from.

import {
  elf as objects,
  goBinary as go,
  packageDb as packages,
  start as starts,
  tools as commands,
} from "casefile";
import { Calls, answer, call } from "./calls.js";
import * as show from "./show.js";

/** Programs and starts that are looked at. */
const PROGRAMS = 6;
const STARTS = 6;

const LAST_INDEX = 4294967295;
const { text, list, number, option } = show;

/** The indices of the first starts, and one that none has. */
export function someStarts(calls) {
  const subject = call("start.starts", number(0), number(STARTS));
  const page = calls.ask(subject, () => starts.starts(0, STARTS), list(show.start));
  return [...(page ?? []).map(({ index }) => index), LAST_INDEX];
}

/** The paths of the first programs, as pages of four give them. */
function firstPrograms(calls) {
  const programs = [];
  for (let offset = 0; programs.length < PROGRAMS; offset += 4) {
    const subject = call("elf.programs", number(offset), number(4));
    const page = calls.ask(subject, () => objects.programs(offset, 4), list(show.program));
    if (!page?.length) break;
    programs.push(...page.map((program) => program.path));
  }
  return programs.slice(0, PROGRAMS);
}

const LAUNCHES = [
  null,
  {
    libraryPath: "/opt/lib::/usr/lib/größe",
    preload: "/no/such/größe.so libm.so.6",
    secure: false,
    workingDirectory: "/opt",
  },
];

export function elf() {
  const calls = new Calls();
  const programs = firstPrograms(calls);
  for (const path of [...programs, "/etc/os-release", "/no/such", "relative", ""]) {
    const shown = text(path);
    calls.ask(call("elf.get-file", shown), () => objects.getFile(path), show.elfFile);
    for (const launch of LAUNCHES) {
      const subject = call("elf.resolve", shown, option(show.launch)(launch));
      calls.ask(subject, () => objects.resolve(path, launch), show.resolution);
    }
    const needs = call("elf.version-needs", shown);
    calls.ask(needs, () => objects.versionNeeds(path), list(show.versionNeed));
    const definitions = call("elf.version-definitions", shown);
    calls.ask(definitions, () => objects.versionDefinitions(path), list(text));
    calls.ask(call("elf.sections", shown), () => objects.sections(path), list(show.section));
    const notes = call("elf.dlopen-notes", shown);
    calls.ask(notes, () => objects.dlopenNotes(path), list(show.dlopenNote));
  }
  for (const index of someStarts(calls)) {
    const subject = call("elf.resolve-start", number(index));
    calls.ask(subject, () => objects.resolveStart(index), show.resolution);
  }
  calls.ask("elf.get-cache()", objects.getCache, show.cache);
  calls.turn("elf.stale-entries", [], 3, objects.staleEntries, show.staleEntry);
  return calls.findings;
}

export function start() {
  const calls = new Calls();
  calls.findings.push(answer("start.get-scope()", show.name(starts.getScope())));
  calls.turn("start.starts", [], 4, starts.starts, show.start);
  calls.turn("start.hidden-processes", [], 4, starts.hiddenProcesses, show.hidden);
  return calls.findings;
}

const FUNCTION_FILTERS = [
  { name: null, package: null, inMainModule: false },
  { name: "main.main", package: null, inMainModule: false },
  { name: null, package: "net/http", inMainModule: false },
  { name: null, package: null, inMainModule: true },
];

const CALL_FILTERS = [
  { callerPackage: null, callee: null, fromMainModule: false },
  { callerPackage: null, callee: "net/http.(*Client).Do", fromMainModule: false },
  { callerPackage: "main", callee: "os.Exit", fromMainModule: true },
];

export function goBinary() {
  const calls = new Calls();
  for (const path of [...firstPrograms(calls), "/no/such"]) {
    const shown = text(path);
    calls.ask(call("go-binary.get", shown), () => go.get(path), show.goProgram);
    const modules = (offset, limit) => go.dependencies(path, offset, limit);
    calls.turn("go-binary.dependencies", [shown], 3, modules, show.goModule);
    for (const filter of FUNCTION_FILTERS) {
      const given = [shown, show.functionFilter(filter)];
      const getter = (offset, limit) =>
        go.functions(path, filter, offset, limit);
      calls.turn("go-binary.functions", given, 3, getter, show.goFunction);
    }
    for (const filter of CALL_FILTERS) {
      const given = [shown, show.callFilter(filter)];
      const getter = (offset, limit) => go.calls(path, filter, offset, limit);
      calls.turn("go-binary.calls", given, 3, getter, show.goCall);
    }
  }
  return calls.findings;
}

const MANAGERS = ["dpkg", "rpm", "apk"];
const VERSIONS = [
  ["1.0", "1.0"],
  ["1.0~rc1", "1.0"],
  ["1:1", "2"],
  ["1.10-r1", "1.9-r2"],
  ["größe", ""],
];

export function packageDb() {
  const calls = new Calls();
  calls.ask("package-db.databases()", packages.databases, list(show.database));
  for (const name of ["libc6", "glibc", "musl", "no-such"]) {
    const subject = call("package-db.find", text(name));
    calls.ask(subject, () => packages.find(name), list(show.installed));
  }
  calls.turn("package-db.packages", [], 3, packages.packages, show.installed);
  for (const path of ["/bin/sh", "/usr/bin/curl", "/no/such"]) {
    calls.ask(call("package-db.owner", text(path)), () => packages.owner(path), show.installed);
  }
  for (const manager of MANAGERS) {
    for (const [first, second] of VERSIONS) {
      const subject = call("package-db.compare", manager, text(first), text(second));
      const order = packages.compare(manager, first, second);
      calls.findings.push(answer(subject, show.name(order)));
    }
  }
  return calls.findings;
}

export function tools() {
  const calls = new Calls();
  const names = commands.names();
  calls.findings.push(answer("tools.names()", list(text)(names)));
  for (const name of [...names, "no-such"]) {
    calls.ask(call("tools.get", text(name)), () => commands.get(name), show.tool);
  }
  return calls.findings;
}
