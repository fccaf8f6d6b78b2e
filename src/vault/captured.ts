// Tokens and cookies that servers gave out, as handles: in memory only, one set for each caller, each bound to the origin that it
// came from. What is not used for long, or is too much, goes.
import { randomBytes } from 'node:crypto';
import { limits } from '../../shared/limits.ts';
import { overShare } from '../../shared/over-share.ts';
import { CAPTURED_PREFIX, capturedName } from '../../shared/secret/captured-name.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import { createIssuedTokens, type IssuedTokens } from './issued.ts';

export interface CapturedToken {
  /** Principal who made the call. */
  readonly caller: string;
  /** The only origins that it may go to. */
  readonly origins: readonly string[];
  /** What the field, cookie or token is called. */
  readonly field: string;
  readonly value: string;
  /**
   * Milliseconds since the epoch, and `limits.capturedMs` from now at the latest. Where absent that, or the end that was stated for
   * the same value before: who repeats a value does not lengthen its life.
   */
  readonly expiresAt?: number;
}

export interface CapturedTokens {
  /**
   * Remembers a value and gives its handle: the one it has already, where the caller holds the same value for the same origins.
   * Where there is no room the handle goes that was used longest ago, of those for the origins that have most.
   */
  capture(token: CapturedToken): HandleInfo;
  /** Holds what the courier got for its own requests: known by its id only, and no part of what the others of these tell. */
  readonly hold: IssuedTokens['hold'];
  /** The handle of a caller by the name behind `captured:`. */
  find(caller: string, name: string): HandleInfo | undefined;
  list(caller: string): readonly HandleInfo[];
  /** The values that a caller may send to an origin, with the names of their handles: for who takes them out of an answer. */
  heldFor(caller: string, origin: string): readonly { readonly name: string; readonly value: string }[];
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
  /** The end that was stated with it. */
  end: number | undefined;
}

const ID_PREFIX = 'cap_';

function newId(): string {
  return ID_PREFIX + randomBytes(16).toString('hex');
}

/** Whether an id is of a captured token; those of the vault have another form. */
export function isCapturedId(id: string): boolean {
  return id.startsWith(ID_PREFIX);
}

/** `now` gives milliseconds since the epoch. */
export function createCapturedTokens(now: () => number): CapturedTokens {
  // Insertion order is order of last use, in all and of each caller.
  const entries = new Map<string, Entry>();
  const issued = createIssuedTokens(now, newId);
  const numbers = new Map<string, number>();
  const callers = new Map<string, Set<Entry>>();
  const drop = (entry: Entry): void => {
    entries.delete(entry.info.id);
    const own = callers.get(entry.caller);
    own?.delete(entry);
    if (own?.size === 0) callers.delete(entry.caller);
  };
  const current = (id: string): Entry | undefined => {
    const entry = entries.get(id);
    if (!entry || (entry.info.expiresAt ?? 0) > now()) return entry;
    drop(entry);
    return undefined;
  };
  const ofCaller = (caller: string): Entry[] =>
    Array.from(callers.get(caller) ?? []).filter(({ info }) => current(info.id) !== undefined);
  const add = (entry: Entry): void => {
    entries.set(entry.info.id, entry);
    callers.set(entry.caller, (callers.get(entry.caller) ?? new Set()).add(entry));
  };
  const touch = (entry: Entry): void => {
    drop(entry);
    add(entry);
  };
  const makeRoom = (caller: string): void => {
    for (const entry of overShare(ofCaller(caller), limits.capturedTokens, originsOf)) drop(entry);
    if (entries.size <= limits.capturedTokensInAll) return;
    for (const entry of overShare([...entries.values()], limits.capturedTokensInAll, callerOf)) drop(entry);
  };
  // No name is given twice while its counter is remembered, and never that of a handle that there is.
  const nextName = (caller: string, field: string, own: readonly Entry[]): string => {
    const base = CAPTURED_PREFIX + capturedName(field);
    const counter = `${caller}\n${base}`;
    const taken = new Set(own.map(({ info }) => info.name));
    let number = (numbers.get(counter) ?? 0) + 1;
    while (taken.has(`${base}_${number}`)) number += 1;
    numbers.delete(counter);
    numbers.set(counter, number);
    dropOldest(numbers, limits.capturedTokensInAll);
    return `${base}_${number}`;
  };
  return {
    capture({ caller, origins, field, value, expiresAt }) {
      const at = now();
      const own = ofCaller(caller);
      const same = own.filter((entry) => entry.value === value);
      const end = expiresAt ?? earliest(same.map((entry) => entry.end));
      const until = Math.min(end ?? Number.POSITIVE_INFINITY, at + limits.capturedMs);
      const held = same.find(({ info }) => isSameList(info.origins, origins));
      if (held) {
        held.info = { ...held.info, updatedAt: at, expiresAt: until };
        held.end = end;
        touch(held);
        return held.info;
      }
      const info: HandleInfo = {
        id: newId(),
        name: nextName(caller, field, own),
        origins,
        pathAllowed: false,
        createdAt: at,
        updatedAt: at,
        expiresAt: until,
        useCount: 0,
      };
      add({ caller, value, info, end });
      makeRoom(caller);
      return info;
    },
    hold: issued.hold,
    find: (caller, name) => ofCaller(caller).find(({ info }) => info.name === CAPTURED_PREFIX + name)?.info,
    list: (caller) => ofCaller(caller).map(({ info }) => info),
    heldFor: (caller, origin) =>
      ofCaller(caller)
        .filter(({ info }) => info.origins.includes(origin))
        .map(({ info, value }) => ({ name: info.name, value })),
    describe: (id) => current(id)?.info ?? issued.describe(id),
    value(id) {
      const entry = current(id);
      if (!entry) return issued.value(id);
      entry.info = { ...entry.info, useCount: entry.info.useCount + 1, lastUsedAt: now() };
      touch(entry);
      return entry.value;
    },
    clear() {
      entries.clear();
      callers.clear();
      issued.clear();
    },
  };
}

function originsOf({ info }: Entry): string {
  return JSON.stringify(info.origins);
}

function callerOf({ caller }: Entry): string {
  return caller;
}

function earliest(ends: readonly (number | undefined)[]): number | undefined {
  const stated = ends.filter((end) => end !== undefined);
  return stated.length > 0 ? Math.min(...stated) : undefined;
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
