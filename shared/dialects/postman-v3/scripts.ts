import type { Script } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';

export interface ScriptPlace {
  readonly from: Script['from'];
  readonly keys: JsonObject;
}

export interface ReadScripts {
  readonly scripts: readonly Script[];
  readonly notes: readonly string[];
}

const UNKNOWN = 'A script of an unknown type is not run.';

// On a definition the type names the protocol as well: `http:beforeRequest`, `graphql:beforeQuery`.
const TYPE = /^(?:(http|graphql|grpc):)?(\w+)$/;
const PHASES: Readonly<Record<string, Script['phase']>> = {
  beforeRequest: 'before',
  beforeQuery: 'before',
  beforeInvoke: 'before',
  afterResponse: 'after',
  onIncomingMessage: 'after',
};

/** What runs for a request of this protocol, outermost place first: all before it, then all after it. */
export function readScripts(places: readonly ScriptPlace[], protocol: string): ReadScripts {
  const all = places.flatMap(({ from, keys }) =>
    statedIn(keys.scripts).map((stated) => readScript(stated, from, protocol)),
  );
  const scripts = all.filter((script) => script !== 'other' && script !== 'unknown');
  const [before, after] = [scripts.filter(isBefore), scripts.filter((script) => !isBefore(script))];
  return { scripts: [...before, ...after], notes: all.includes('unknown') ? [UNKNOWN] : [] };
}

function isBefore({ phase }: Script): boolean {
  return phase === 'before';
}

/** `other`: empty, or for another protocol. */
function readScript(stated: JsonObject, from: Script['from'], protocol: string): Script | 'other' | 'unknown' {
  const source = textOf(stated.code);
  if (source.trim() === '') return 'other';
  const [, prefix, name = ''] = TYPE.exec(textOf(stated.type)) ?? [];
  const phase = Object.hasOwn(PHASES, name) ? PHASES[name] : undefined;
  if (phase === undefined) return 'unknown';
  if (prefix !== undefined && prefix !== protocol) return 'other';
  return { phase, from, language: textOf(stated.language) || 'text/javascript', source };
}

/** A list of scripts, a single one, or a map of types to code. */
function statedIn(scripts: unknown): JsonObject[] {
  if (!isObject(scripts)) return listOr(scripts).filter(isObject);
  if ('code' in scripts) return [scripts];
  return Object.entries(scripts).map(([type, code]) => (isObject(code) ? { ...code, type } : { type, code }));
}
