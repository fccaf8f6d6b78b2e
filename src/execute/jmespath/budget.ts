// What an evaluation may cost. JMESPath has no loops, but chained lists, joined texts and keys made anew for every item
// multiply the data, so everything that is visited or made is paid for before it is made.

/** Thrown where an evaluation costs too much or does not fit the data; `problem` completes "it …". */
export class Refusal extends Error {
  readonly problem: string;

  constructor(problem: string) {
    super(problem);
    this.problem = problem;
  }
}

export interface Budget {
  /** Pays for steps: one for a value visited, a place in a list or a character made. */
  spend(steps: number): void;
}

/** A budget of so many steps; over it everything is refused with `problem`. */
export function createBudget(steps: number, problem: string): Budget {
  let left = steps;
  return {
    spend(wanted) {
      left -= wanted;
      if (left < 0) throw new Refusal(problem);
    },
  };
}

const COMPARED_AT_ONCE = 16;

/** What reading a text to its end costs. */
export function readingSteps(text: string): number {
  return 1 + Math.floor(text.length / COMPARED_AT_ONCE);
}

/** Pays for the characters that a value takes as JSON, at the least; a part that stands in it twice is paid for twice. */
export function payForJson(value: unknown, { spend }: Budget): void {
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    spend(typeof next === 'string' ? next.length + 2 : 2);
    if (Array.isArray(next)) for (const item of next) pending.push(item);
    else if (typeof next === 'object' && next !== null) {
      for (const [name, child] of Object.entries(next)) {
        spend(name.length + 2);
        pending.push(child);
      }
    }
  }
}
