// The module "casefile": what a policy in JavaScript or TypeScript imports.
// The interpreter carries it; casefile.d.ts says what is in it, and README.md
// how it is used.

import { call, getters } from "casefile:native";

// Why a getter has no value. Thrown by getters; a rule that does not catch it
// ends `unknown`, with the evidence that was missing and why.
export class Absence extends Error {
  constructor(path, state, reason, detail = "") {
    super(`${path}: ${reason ?? state}${detail && `: ${detail}`}`);
    this.name = "Absence";
    this.path = path;
    this.state = state;
    this.reason = reason;
    this.detail = detail;
  }

  // It is proven that there is none.
  get isAbsent() {
    return this.state === "absent";
  }

  // It is not known whether there is one, or what it holds.
  get isUnknown() {
    return this.state === "unknown";
  }
}

// An absence as the contract gives it.
function absence({ path, state, detail }) {
  return state === "absent"
    ? new Absence(path, "absent", undefined, detail)
    : new Absence(path, "unknown", state.value, detail);
}

// An absence as the contract takes it.
function contractAbsence(absence) {
  if (!(absence instanceof Absence)) {
    throw new TypeError(`${String(absence)} is no Absence`);
  }
  const { path, state, reason, detail } = absence;
  return {
    path,
    state: state === "absent" ? state : { kind: "unknown", value: reason },
    detail,
  };
}

// An interface of the contract as an object: `sysctl.get-number` becomes
// `sysctl.getNumber`. Getters are pairs of these names.
function interfaceOf(name) {
  const own = {};
  for (const [getter, full] of getters(name)) {
    own[getter] = (...given) => {
      const answer = call(full, given);
      if (answer.absence) throw absence(answer.absence);
      return answer.value;
    };
  }
  return own;
}

export const host = interfaceOf("host");
export const sysctl = interfaceOf("sysctl");
export const process = interfaceOf("process");
export const cgroup = interfaceOf("cgroup");
export const elf = interfaceOf("elf");
export const start = interfaceOf("start");
export const goBinary = interfaceOf("go-binary");
export const packageDb = interfaceOf("package-db");
export const tools = interfaceOf("tools");
export const kernelLog = interfaceOf("kernel-log");
export const network = interfaceOf("network");
export const trust = interfaceOf("trust");
export const audit = interfaceOf("audit");
export const environment = interfaceOf("environment");
export const files = interfaceOf("files");
export const data = interfaceOf("data");
export const runtime = interfaceOf("runtime");
export const script = interfaceOf("script");
export const parameters = interfaceOf("parameters");

// Absences inside of an answer are Absences too.
function withAbsences(own, getter, change) {
  const plain = own[getter];
  own[getter] = (...given) => change(plain(...given));
}
const listsOf = (...fields) => (answer) => {
  const lists = fields.map((field) => [field, answer[field].map(absence)]);
  return { ...answer, ...Object.fromEntries(lists) };
};
const unknownOf = listsOf("unknown");
const resolutionOf = listsOf("unknown", "unknownLevels", "unknownRisks");
withAbsences(cgroup, "limits", unknownOf);
withAbsences(elf, "resolve", resolutionOf);
withAbsences(elf, "resolveStart", resolutionOf);
withAbsences(tools, "get", unknownOf);
withAbsences(trust, "getPool", unknownOf);
withAbsences(trust, "getStores", unknownOf);
withAbsences(start, "hiddenProcesses", (processes) =>
  processes.map((process) => ({ ...process, absence: absence(process.absence) })),
);

// A parameter of one type.
function parameter(type, fits) {
  return (name) => {
    const value = parameters.get(name);
    if (!fits(value)) {
      throw new Absence(name, "unknown", "malformed", `is not ${type}`);
    }
    return value;
  };
}
parameters.boolean = parameter("true or false", (value) => typeof value === "boolean");
parameters.integer = parameter("a whole number", (value) => typeof value === "bigint");
parameters.text = parameter("text", (value) => typeof value === "string");
parameters.texts = parameter("a list of texts", Array.isArray);

// Messages for whoever writes the policy.
export const log = {};
for (const level of ["debug", "info", "warn"]) {
  log[level] = (...words) => {
    call("log.write", [level, words.map(shown).join(" ")]);
  };
}
globalThis.console = Object.freeze({
  debug: log.debug,
  log: log.info,
  info: log.info,
  warn: log.warn,
  error: log.warn,
});

function shown(value) {
  if (typeof value !== "object" || value === null || value instanceof Error) {
    return String(value);
  }
  const json = JSON.stringify(value, (_, inner) =>
    typeof inner === "bigint" ? String(inner) : inner,
  );
  return json ?? String(value);
}

// The value that a function gives; another where it is proven that there is
// none. What is not known is thrown on: it is not for a default to hide.
export function orAbsent(getter, otherwise) {
  try {
    return getter();
  } catch (error) {
    if (error instanceof Absence && error.isAbsent) return otherwise;
    throw error;
  }
}

// A finding of a rule. Made by pass, fail, notApplicable and unknown.
export class Finding {
  constructor(outcome, subject, message, more = {}) {
    this.outcome = outcome;
    this.subject = subject;
    this.message = message;
    this.confidence = "proven";
    this.evidence = [];
    this.missing = [];
    Object.assign(this, more);
  }

  static pass(subject, message, more) {
    return new Finding("pass", subject, message, more);
  }

  static fail(subject, message, more) {
    return new Finding("fail", subject, message, more);
  }

  static notApplicable(subject, message, more) {
    return new Finding("not-applicable", subject, message, more);
  }

  static unknown(subject, message, missing, more) {
    const all = Array.isArray(missing) ? missing : [missing];
    return new Finding("unknown", subject, message, { ...more, missing: all });
  }
}

// Values are shown in words: numbers and BigInts become text by themselves.
const words = (value) => (value == null ? undefined : String(value));

function contractFinding(finding) {
  if (!(finding instanceof Finding)) {
    throw new TypeError(`a rule gave ${shown(finding)}, which is no Finding`);
  }
  return {
    ...finding,
    subject: String(finding.subject),
    message: String(finding.message),
    actual: words(finding.actual),
    wanted: words(finding.wanted),
    remedy: words(finding.remedy),
    missing: finding.missing.map(contractAbsence),
  };
}

// A policy: what it is, its parameters, its rules. A script exports one.
export function policy(definition) {
  if (!Array.isArray(definition?.rules)) {
    throw new TypeError("policy({...}): rules is no list");
  }
  const codes = definition.rules.map(({ code }) => code);
  for (const [index, { code, judge }] of definition.rules.entries()) {
    if (typeof judge !== "function") {
      throw new TypeError(`rule ${code}: judge is no function`);
    }
    if (codes.indexOf(code) !== index) {
      throw new TypeError(`rule ${code}: there are two of this code`);
    }
  }
  return Object.freeze({ ...definition, [POLICY]: true });
}
const POLICY = Symbol("policy");

// The interpreter calls what follows.

function made(exported) {
  if (exported?.[POLICY]) return exported;
  throw new TypeError(
    "the script exports no policy: it needs `export default policy({...})`, " +
      'with `import { policy } from "casefile"`',
  );
}

// What the policy says of itself.
export function describe(exported) {
  const { rules, parameters = {}, ...about } = made(exported);
  return {
    ...about,
    rules: rules.map(({ judge, ...rule }) => rule),
    parameters: Object.entries(parameters).map(([name, parameter]) => ({
      name,
      documentation: "",
      ...parameter,
    })),
  };
}

// The findings of one rule, or the absence that it can't do without.
export async function judge(exported, code) {
  const rule = made(exported).rules.find((rule) => rule.code === code);
  try {
    const given = await rule.judge();
    const findings = [];
    if (given instanceof Finding) findings.push(given);
    else if (given?.[Symbol.asyncIterator]) for await (const one of given) findings.push(one);
    else if (given != null) findings.push(...given);
    return { findings: findings.map(contractFinding) };
  } catch (error) {
    if (error instanceof Absence) return { absence: contractAbsence(error) };
    throw error;
  }
}
