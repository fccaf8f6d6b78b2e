// Local references only (RFC 6901 pointers in a URI fragment): what stands in another file or on a server is never read.
import { isObject, type JsonObject } from '../../collection/narrow.ts';
import type { OpenapiDocument } from './document.ts';

/** References that lead on to references. */
const MAX_HOPS = 16;

export type UnresolvedReference = 'elsewhere' | 'nowhere' | 'circle';

/** What a value stands for after its `$ref`s: itself where it has none. */
export type Resolved =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: UnresolvedReference };

/**
 * Follows a value's own `$ref` and those that it leads to, nothing inside of it. Since 3.1 what stands beside a `$ref` counts
 * too and is stronger than what it leads to; before it is ignored.
 */
export function resolveReference({ root, version }: OpenapiDocument, value: unknown): Resolved {
  const siblings = !/^(?:2|3\.0)/.test(version);
  const beside: JsonObject[] = [];
  let at = value;
  for (let hops = 0; hops <= MAX_HOPS; hops += 1) {
    if (!isObject(at) || typeof at.$ref !== 'string') return { ok: true, value: overlay(at, beside) };
    const reference = at.$ref;
    if (!reference.startsWith('#')) return { ok: false, why: 'elsewhere' };
    if (siblings) beside.push(at);
    const target = follow(root, reference);
    if (target === undefined) return { ok: false, why: 'nowhere' };
    at = target;
  }
  return { ok: false, why: 'circle' };
}

/** The value that a reference's fragment points at; undefined where there is none. */
function follow(root: JsonObject, reference: string): unknown {
  const pointer = decoded(reference.slice(1));
  if (pointer === '') return root;
  if (!pointer?.startsWith('/')) return undefined;
  let at: unknown = root;
  for (const escaped of pointer.slice(1).split('/')) {
    const step = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = Object.getOwnPropertyDescriptor(at, step)?.value;
  }
  return at;
}

function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

// The target as prototype: a copy of it for each reference would take the square of a large document.
function overlay(target: unknown, beside: readonly JsonObject[]): unknown {
  if (!isObject(target)) return target;
  return beside.reduceRight<JsonObject>((under, { $ref: _, ...own }) => {
    const stated: unknown = Object.create(under, Object.getOwnPropertyDescriptors(own));
    return isObject(stated) ? stated : under;
  }, target);
}
