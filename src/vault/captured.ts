// Tokens and cookies that servers gave out, as handles: in memory only, one set for each caller, each bound to the origin that it
// came from. What is not used for long, or is too much, goes.
import { randomBytes } from 'node:crypto';
import { limits } from '../../shared/limits.ts';
import { CAPTURED_PREFIX, capturedName } from '../../shared/secret/captured-name.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';

export interface CapturedToken {
  /** Principal who made the call. */
  readonly caller: string;
  /** The only origins that it may go to. */
  readonly origins: readonly string[];
  /** What the field, cookie or token is called. */
  readonly field: string;
  readonly value: string;
  /** Milliseconds since the epoch; `limits.capturedMs` from now where absent, and never later. */
  readonly expiresAt?: number;
}

export interface CapturedTokens {
  /**
   * Remembers a value and gives its handle: the one it has already, where the caller holds the same value for the same origins.
   * Where there is no room the handle goes that was used longest ago.
   */
  capture(token: CapturedToken): HandleInfo;
  /** The handle of a caller by the name behind `captured:`. */
  find(caller: string, name: string): HandleInfo | undefined;
  list(caller: string): readonly HandleInfo[];
  /** By id. Undefined where it is unknown or its time is over. */
  describe(id: string): HandleInfo | undefined;
  /** The value, which counts as a use. */
  value(id: string): string | undefined;
  /** Forgets everything. */
  clear(): void;
}

interface Entry {
  readonly caller: string;
  readonly value: string;
  info: HandleInfo;
}

const ID_PREFIX = 'cap_';

/** Whether an id is of a captured token; those of the vault have another form. */
export function isCapturedId(id: string): boolean {
  return id.startsWith(ID_PREFIX);
}

/** `now` gives milliseconds since the epoch. */
export function createCapturedTokens(now: () => number): CapturedTokens {
  // Insertion order is order of last use.
  const entries = new Map<string, Entry>();
  const numbers = new Map<string, number>();
  const current = (id: string): Entry | undefined => {
    const entry = entries.get(id);
    if (!entry || (entry.info.expiresAt ?? 0) > now()) return entry;
    entries.delete(id);
    return undefined;
  };
  const ofCaller = (caller: string): Entry[] =>
    Array.from(entries.values()).filter((entry) => entry.caller === caller && current(entry.info.id) !== undefined);
  const touch = (entry: Entry): void => {
    entries.delete(entry.info.id);
    entries.set(entry.info.id, entry);
  };
  const makeRoom = (caller: string): void => {
    const held = ofCaller(caller);
    for (const { info } of held.slice(0, held.length - limits.capturedTokens + 1)) entries.delete(info.id);
    for (const id of entries.keys()) {
      if (entries.size < limits.capturedTokensInAll) return;
      entries.delete(id);
    }
  };
  return {
    capture({ caller, origins, field, value, expiresAt = Number.POSITIVE_INFINITY }) {
      const at = now();
      const until = Math.min(expiresAt, at + limits.capturedMs);
      const held = ofCaller(caller).find((entry) => entry.value === value && isSameList(entry.info.origins, origins));
      if (held) {
        held.info = { ...held.info, updatedAt: at, expiresAt: until };
        touch(held);
        return held.info;
      }
      makeRoom(caller);
      const base = capturedName(field);
      const counter = `${caller}\n${base}`;
      const number = (numbers.get(counter) ?? 0) + 1;
      numbers.set(counter, number);
      dropOldest(numbers, limits.capturedTokensInAll);
      const info: HandleInfo = {
        id: ID_PREFIX + randomBytes(16).toString('hex'),
        name: `${CAPTURED_PREFIX}${base}_${number}`,
        origins,
        pathAllowed: false,
        createdAt: at,
        updatedAt: at,
        expiresAt: until,
        useCount: 0,
      };
      entries.set(info.id, { caller, value, info });
      return info;
    },
    find: (caller, name) => ofCaller(caller).find(({ info }) => info.name === CAPTURED_PREFIX + name)?.info,
    list: (caller) => ofCaller(caller).map(({ info }) => info),
    describe: (id) => current(id)?.info,
    value(id) {
      const entry = current(id);
      if (!entry) return undefined;
      entry.info = { ...entry.info, useCount: entry.info.useCount + 1, lastUsedAt: now() };
      touch(entry);
      return entry.value;
    },
    clear: () => entries.clear(),
  };
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

function dropOldest(numbers: Map<string, number>, most: number): void {
  for (const oldest of numbers.keys()) {
    if (numbers.size <= most) return;
    numbers.delete(oldest);
  }
}
