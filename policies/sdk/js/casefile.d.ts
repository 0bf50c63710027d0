// The module "casefile": types of what a policy in JavaScript or TypeScript
// imports. Facts and their types stand in contract.d.ts; here is what the kit
// adds. Whole numbers of 64 bits are `bigint`: compare them with `<` and `>=`
// to any number, but with `===` to a bigint (`2n`).

declare module "casefile" {
  import type {
    Confidence,
    Evidence,
    ExitClass,
    Outcome,
    Reason,
    Severity,
  } from "casefile:contract";

  export * from "casefile:contract";

  /**
   * Why a getter has no value. Getters throw it; a rule that does not catch
   * it ends `unknown`, with the evidence that was missing and why.
   */
  export class Absence extends Error {
    constructor(path: string, state: "absent", reason?: undefined, detail?: string);
    constructor(path: string, state: "unknown", reason: Reason, detail?: string);
    /**
     * What was looked for: a path on the captured host, or the name of a
     * parameter or another key where there is no path.
     */
    readonly path: string;
    /** Absent for certain, or not known. */
    readonly state: "absent" | "unknown";
    /** Why it is not known. */
    readonly reason: Reason | undefined;
    /** The error or limit in words; empty where there is nothing to add. */
    readonly detail: string;
    /** It is proven that there is none. */
    get isAbsent(): boolean;
    /** It is not known whether there is one, or what it holds. */
    get isUnknown(): boolean;
  }

  /**
   * The value that a function gives; another where it is proven that there is
   * none. What is not known is thrown on: it is not for a default to hide.
   *
   *     const limit = orAbsent(() => cgroup.get(group, "pids.max").text, "max");
   */
  export function orAbsent<Value, Other>(
    getter: () => Value,
    otherwise: Other,
  ): Value | Other;

  /** A value that is shown in words. */
  export type Shown = string | number | bigint | boolean | null | undefined;

  /** What a finding may say beside subject and message. */
  export interface FindingOptions {
    /** The value that was found. */
    actual?: Shown;
    /** The value that the rule wants. */
    wanted?: Shown;
    /** What to do about it. */
    remedy?: string;
    /** How sure the rule is; `proven` where nothing is said. */
    confidence?: Confidence;
    /** The severity, where it differs from the rule's. */
    severity?: Severity;
    /**
     * The evidence that decides it, of what the rule has read. Where nothing
     * is said, all that the rule has read.
     */
    evidence?: Evidence[];
    /** What was missing, for `unknown`. */
    missing?: Absence[];
  }

  /** What a rule found about one subject. */
  export class Finding {
    constructor(outcome: Outcome, subject: string, message: string, more?: FindingOptions);
    /** The subject is as it should be. */
    static pass(subject: string, message: string, more?: FindingOptions): Finding;
    /** The subject is not as it should be. */
    static fail(subject: string, message: string, more?: FindingOptions): Finding;
    /** The rule does not concern the subject. */
    static notApplicable(subject: string, message: string, more?: FindingOptions): Finding;
    /** Evidence about the subject is missing. */
    static unknown(
      subject: string,
      message: string,
      missing: Absence | Absence[],
      more?: FindingOptions,
    ): Finding;
  }

  /** One rule. */
  export interface Rule {
    /** Stable code, lower-case words with hyphens: `ca-expired`. */
    code: string;
    /** What is wrong when it fails, in a few words. */
    title: string;
    /** How much a failure matters. */
    severity: Severity;
    /** The class of its failures. */
    exitClass: ExitClass;
    /**
     * Markdown with the headings *What it checks*, *Why it matters*, *How to
     * fix* and *References*.
     */
    documentation: string;
    /**
     * Gives its findings: one, several (a list, or as a generator yields
     * them), or none. It runs in an instance of its own.
     */
    judge(): Findings | Promise<Findings>;
  }

  /** What a rule gives. */
  export type Findings = Finding | Iterable<Finding> | AsyncIterable<Finding> | void;

  /** A parameter that the user may set; the type of its default is its own. */
  export interface Parameter {
    /** The value when the user sets none; numbers are whole. */
    default: boolean | number | bigint | string | string[];
    /** What it does, with its unit. */
    documentation?: string;
  }

  /** The name of an interface of the contract that shows the host. */
  export type Permission =
    | "audit"
    | "cgroup"
    | "elf"
    | "environment"
    | "files"
    | "host"
    | "process"
    | "sysctl"
    | "trust";

  /** What a policy is. */
  export interface PolicyDefinition {
    /** Lower-case words with hyphens: `ca-bundle`. */
    id: string;
    /** Its version (semver). */
    version: string;
    /** What it is for, in a few words. */
    title: string;
    /**
     * The interfaces that it asks. Others answer `unknown` (denied). Where
     * nothing is said, the user has to grant all of them.
     */
    needs?: Permission[];
    /** Its parameters by name. */
    parameters?: Record<string, Parameter>;
    /** Its rules. */
    rules: Rule[];
  }

  /** A policy, as a script exports it by default. */
  export interface Policy extends Readonly<PolicyDefinition> {}

  /** Makes a policy: `export default policy({...})`. */
  export function policy(definition: PolicyDefinition): Policy;

  /** The policy's own parameters, as the user has set them. */
  export namespace parameters {
    /** A parameter of any type. */
    function get(name: string): boolean | bigint | string | string[];
    /** One that is true or false. */
    function boolean(name: string): boolean;
    /** One that is a whole number. */
    function integer(name: string): bigint;
    /** One that is text. */
    function text(name: string): string;
    /** One that is a list of texts. */
    function texts(name: string): string[];
  }

  /**
   * Messages for whoever writes the policy; `console` writes them as well.
   * They are no part of the verdict.
   */
  export namespace log {
    /** For finding faults. */
    function debug(...words: unknown[]): void;
    /** Worth knowing. */
    function info(...words: unknown[]): void;
    /** Something is odd. */
    function warn(...words: unknown[]): void;
  }
}

/** Writes into the policy's log. */
declare const console: {
  debug(...words: unknown[]): void;
  log(...words: unknown[]): void;
  info(...words: unknown[]): void;
  warn(...words: unknown[]): void;
  error(...words: unknown[]): void;
};
