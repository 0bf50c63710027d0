// The findings of a rule that asks: one for each call of a getter.

import { Absence, Finding } from "casefile";
import { absence, list, number } from "./show";
import type { Show } from "./show";

/** Pages that are turned. */
export const PAGES = 3;

/** A call: `sysctl.get("fs.nr_open")`. */
export const call = (name: string, ...given: string[]) => `${name}(${given.join(", ")})`;

export const answer = (subject: string, actual: string) =>
  Finding.pass(subject, "answers", { actual });

/** The findings of one rule as its calls give them. */
export class Calls {
  readonly findings: Finding[] = [];

  /** Makes a call that may have no value; gives it, where there is one. */
  ask<T>(subject: string, getter: () => T, ok: Show): T | undefined {
    try {
      const value = getter();
      this.findings.push(answer(subject, `ok(${ok(value)})`));
      return value;
    } catch (error) {
      if (!(error instanceof Absence)) throw error;
      this.findings.push(answer(subject, `err(${absence(error)})`));
      return undefined;
    }
  }

  /**
   * The first pages of a list, which takes an offset and a limit behind its
   * other arguments; those come as they are written.
   */
  turn<T>(
    name: string,
    given: string[],
    limit: number,
    getter: (offset: number, limit: number) => T[],
    item: Show,
  ): T[] {
    const items: T[] = [];
    for (let turned = 0; turned < PAGES; turned += 1) {
      const offset = items.length;
      const subject = call(name, ...given, number(offset), number(limit));
      const page = this.ask(subject, () => getter(offset, limit), list(item));
      if (!page?.length) break;
      items.push(...page);
    }
    return items;
  }
}
