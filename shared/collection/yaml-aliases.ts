// Aliases without the package's cost for them, and without its gap: it lets empty lists multiply without end.
import { isAlias, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { limits } from '../limits.ts';
import { setMember } from './block-yaml-members.ts';

/**
 * The value of a document's contents, in which an alias is the very value of its anchor. A fixed text says why it has none:
 * written out it would be too large, or an alias stands for nothing.
 */
export function followAliases(contents: unknown): { readonly value: unknown } | { readonly problem: string } {
  const reading: Reading = { anchors: new Map(), nodes: 0 };
  const read = sizedOf(contents, reading);
  if (!read) return { problem: 'an alias without its anchor, or beside one a key that is no text' };
  const most = Math.max(limits.yamlAliasedValues, reading.nodes * limits.yamlAliasRatio);
  return read.size > most ? { problem: 'aliases that multiply it, or hold themselves' } : { value: read.value };
}

/** A value, and how many it is with its aliases written out: without end while it is being read. */
interface Sized {
  readonly value: unknown;
  size: number;
}

interface Reading {
  readonly anchors: Map<string, Sized>;
  nodes: number;
}

function sizedOf(node: unknown, reading: Reading): Sized | undefined {
  reading.nodes += 1;
  if (node === null) return { value: null, size: 1 };
  if (isAlias(node)) return reading.anchors.get(node.source);
  if (isScalar(node)) return anchored(node, { value: node.value, size: 1 }, reading);
  if (isSeq(node)) return itemsOf(node, reading);
  return isMap(node) ? membersOf(node, reading) : undefined;
}

function anchored({ anchor }: { readonly anchor?: string }, sized: Sized, { anchors }: Reading): Sized {
  if (anchor) anchors.set(anchor, sized);
  return sized;
}

function itemsOf(list: YAMLSeq, reading: Reading): Sized | undefined {
  const items: unknown[] = [];
  const sized = anchored(list, { value: items, size: Number.POSITIVE_INFINITY }, reading);
  let size = 1;
  for (const node of list.items) {
    const item = sizedOf(node, reading);
    if (!item) return undefined;
    items.push(item.value);
    size += item.size;
  }
  sized.size = size;
  return sized;
}

function membersOf(mapping: YAMLMap, reading: Reading): Sized | undefined {
  const members: Record<string, unknown> = {};
  const sized = anchored(mapping, { value: members, size: Number.POSITIVE_INFINITY }, reading);
  let size = 1;
  for (const pair of mapping.items) {
    const name = nameOf(pair.key, reading);
    const value = sizedOf(pair.value, reading);
    if (name === undefined || !value) return undefined;
    setMember(members, name, value.value);
    size += value.size;
  }
  sized.size = size;
  return sized;
}

function nameOf(key: unknown, reading: Reading): string | undefined {
  const name = sizedOf(key, reading)?.value;
  if (name === null) return '';
  return typeof name === 'string' || typeof name === 'number' || typeof name === 'boolean' ? String(name) : undefined;
}
