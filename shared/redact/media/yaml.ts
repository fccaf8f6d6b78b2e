// Fields of YAML: block maps and lists, block scalars, anchors, pairs of name and value, and all that a Kubernetes Secret holds. Flow
// maps are read as JSON is.

import { parseDocument } from 'yaml';
import { limits } from '../../limits.ts';
import { containerGoes, contextGoes, isSensitive, numberGoes, pairNames, pairValues } from '../field-rules.ts';
import { isInert, REDACTED, type RedactedText } from '../marker.ts';
import type { NameVerdict } from '../names.ts';
import { isDescription, isFlowDescription } from '../schema-objects.ts';
import { nextLine, unquoteLoose } from './brackets.ts';
import { createEdits, type Edits } from './edits.ts';
import { matchAt } from './match-at.ts';
import { MAX_UNNAMED_CHARS, type MediaWalk, type NamedValue, replacementOf, tellWords } from './media-walk.ts';
import {
  extentOf,
  indentOf,
  isBlankLine,
  isProse,
  mostLinesAre,
  readKey,
  readYamlValue,
  type YamlKey,
  type YamlValue,
} from './yaml-lines.ts';

interface BlockMap {
  readonly indent: number;
  pair: NamedValue | undefined;
  hasName: boolean;
  /** What a Kubernetes object is; `unknown` until it is said. */
  kind: 'none' | 'unknown' | 'secret' | 'other';
  readonly values: YamlField[];
}

interface YamlField {
  readonly name: string;
  readonly value: YamlValue;
}

interface Yaml {
  readonly text: string;
  readonly walk: MediaWalk;
  readonly edits: Edits;
  readonly stack: BlockMap[];
  readonly anchors: Map<string, YamlField>;
  /** Anchors that stand under a sensitive name. */
  readonly wanted: Map<string, NamedValue>;
  /** The last key behind a question mark. */
  question: { readonly name: string; readonly column: number };
  /** How much was read to see whether it describes fields. */
  described: number;
}

/** Takes a YAML text, or lines of `name: value`; gives it without what sensitive names hold. */
export function redactYaml(text: string, walk: MediaWalk): RedactedText {
  const yaml: Yaml = {
    text,
    walk,
    edits: createEdits(),
    stack: [],
    anchors: new Map(),
    wanted: new Map(),
    question: { name: '', column: -1 },
    described: 0,
  };
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; ) at = readLine(yaml, at);
  endMaps(yaml, -1, walk.incomplete);
  for (const [anchor, named] of yaml.wanted) {
    const field = yaml.anchors.get(anchor);
    if (field) takeField(yaml, named, field.value);
  }
  // Where an anchor is used may be in what was cut off.
  for (const field of walk.incomplete ? yaml.anchors.values() : [])
    if (isShort(yaml, field)) takeField(yaml, { name: 'value', verdict: 'secret' }, field.value);
  return yaml.edits.apply(text);
}

/** Gives where the next line begins that is to be read. */
function readLine(yaml: Yaml, line: number): number {
  const { text } = yaml;
  if (isBlankLine(text, line)) return nextLine(text, line);
  const marker = /^(?:---|\.\.\.)(?=\s|$)[ \t]*/.exec(text.slice(line, line + 64))?.[0].length ?? 0;
  if (marker > 0) endMaps(yaml, -1, false);
  let at = line + marker + (marker > 0 ? 0 : indentOf(text, line));
  if (text.charAt(at) === '#') return nextLine(text, at);
  endMaps(yaml, at - line, false);
  while (text.charAt(at) === '-' && /[ \t\r\n]|^$/.test(text.charAt(at + 1))) {
    at += 1;
    at += indentOf(text, at);
    // Each item of a list is a map of its own.
    endMaps(yaml, at - line - 1, false);
  }
  const key = readKey(text, at) ?? readLongKey(yaml, line, at);
  if (!key) return nextLine(text, at);
  const value = readYamlValue(text, key.end, at - line);
  if (isProse(key.name) && (value.kind === 'none' || /\S\s+\S/.test(text.slice(value.start, value.end))))
    return nextLine(text, value.start);
  // What stands under a name that stays is read line by line too: a map, and a literal that holds a file.
  return Math.max(noteField(yaml, at - line, { name: key.name, value }), nextLine(text, value.start));
}

const QUESTION =
  /\?[ \t]+(?:[&!]\S{1,100}[ \t]+){0,2}(?:"([^"\r\n]{1,300})"|'([^'\r\n]{1,300})'|([^\s"'#][^\r\n:#]{0,199}))[ \t]*(?=[\r\n]|$)/y;
const ALIAS_KEY = /\*([^\s,{}[\]]{1,100})[ \t]+:(?=\s|$)/y;

/** A key behind a question mark, whose value follows on a line of its own, or one that an anchor holds. */
function readLongKey(yaml: Yaml, line: number, at: number): YamlKey | undefined {
  const { text, anchors } = yaml;
  const question = matchAt(QUESTION, text, at);
  if (question) {
    yaml.question = { name: (question[1] ?? question[2] ?? question[3] ?? '').trim(), column: at - line };
    return undefined;
  }
  const { name, column } = yaml.question;
  if (text.charAt(at) === ':' && /\s|^$/.test(text.charAt(at + 1)) && column === at - line)
    return { name, end: at + 1 };
  const alias = matchAt(ALIAS_KEY, text, at);
  const held = alias && anchors.get(alias[1] ?? '')?.value;
  return held && { name: scalarOf(text, held, held.end), end: at + alias[0].length };
}

function endMaps(yaml: Yaml, indent: number, cut: boolean): void {
  for (let top = yaml.stack.at(-1); top && top.indent > indent; top = yaml.stack.at(-1)) {
    yaml.stack.pop();
    settleMap(yaml, top, cut);
  }
}

/** Gives the end of what was taken, or 0. */
function noteField(yaml: Yaml, indent: number, field: YamlField): number {
  const { walk, stack } = yaml;
  const { name, value } = field;
  let map = stack.at(-1);
  if (map?.indent !== indent) {
    map = { indent, pair: undefined, hasName: false, kind: 'none', values: [] };
    stack.push(map);
    if (stack.length > limits.redactDepth) walk.withhold();
  }
  if (value.anchor !== undefined) yaml.anchors.set(value.anchor, field);
  const scalar = value.kind === 'plain' || value.kind === 'quoted' ? scalarOf(yaml.text, value, value.end) : undefined;
  if (scalar !== undefined) noteKind(yaml, map, field, scalar);
  if (pairNames.has(name) && scalar !== undefined) notePair(yaml, map, field, scalar);
  if (pairValues.has(name) || name === 'stringData') map.values.push(field);
  const verdict = walk.judge(name);
  if (isSensitive(verdict)) return takeField(yaml, { name, verdict }, value);
  if (verdict === 'context' && scalar !== undefined && /^(?:auth|key)$/i.test(name) && contextGoes(name, scalar, false))
    return takeField(yaml, { name, verdict: 'likely' }, value);
  return 0;
}

function noteKind({ text }: Yaml, map: BlockMap, { name, value }: YamlField, scalar: string): void {
  if (name === 'apiVersion' && map.kind === 'none') map.kind = 'unknown';
  if (name !== 'kind') return;
  if (/^(?:Sealed)?Secret$/.test(scalar)) map.kind = 'secret';
  else if (value.end < text.length) map.kind = 'other';
}

function notePair({ walk, text }: Yaml, map: BlockMap, { value }: YamlField, name: string): void {
  map.hasName ||= value.end < text.length;
  const verdict: NameVerdict = walk.judge(name);
  if (isSensitive(verdict)) map.pair = { name, verdict };
}

function settleMap(yaml: Yaml, map: BlockMap, cut: boolean): void {
  for (const field of map.values) {
    const isData = field.name === 'data' || field.name === 'stringData';
    if (isData && (map.kind === 'secret' || (cut && map.kind === 'unknown')))
      takeField(yaml, { name: 'secret', verdict: 'secret' }, field.value);
    else if (map.pair && field.name !== 'stringData') takeField(yaml, map.pair, field.value);
    else if (cut && map.values.length === 1 && !map.hasName && isShort(yaml, field))
      takeField(yaml, { name: 'value', verdict: 'secret' }, field.value);
  }
}

function isShort({ text }: Yaml, { value }: YamlField): boolean {
  const extent = extentOf(text, value);
  return extent !== undefined && !extent.container && extent.end - extent.start <= MAX_UNNAMED_CHARS;
}

function scalarOf(text: string, { kind, start }: YamlValue, end: number): string {
  const raw = text.slice(start, end);
  if (kind !== 'quoted') return raw;
  return text.charAt(start - 1) === '"' ? unquoteLoose(`"${raw}"`) : raw.replaceAll("''", "'");
}

/** Gives the end of what was taken, or 0. */
function takeField(yaml: Yaml, named: NamedValue, value: YamlValue): number {
  const { text, walk, edits } = yaml;
  if (value.kind === 'alias') {
    yaml.wanted.set(text.slice(value.start, value.end), named);
    return 0;
  }
  const extent = extentOf(text, value, walk.incomplete);
  if (!extent) return 0;
  const { start, end, container } = extent;
  const scalar = value.kind === 'literal' ? text.slice(start, end) : scalarOf(text, value, end);
  if (container) {
    if (!containerGoes(named.verdict) || isInert(scalar.trim()) || /^[\s[\]\d.,eE+-]*$/.test(scalar)) return 0;
    if (describesFields(yaml, value, scalar)) return 0;
    tellWords(walk, scalar);
    edits.add(start, end, replacing(text, value));
    return end;
  }
  if (value.kind === 'plain' && /^-?\d[\d.]*$/.test(scalar) && !numberGoes(named.verdict)) return 0;
  const shown = replacementOf(walk, named, scalar);
  if (shown === undefined) return 0;
  edits.add(start, end, shown);
  return end;
}

const MAX_DESCRIBED_CHARS = 262_144;
const SCHEMA_HEAD = /^\s*["']?[A-Za-z$]{2,24}["']?[ \t]*:/;

/** Whether a map is a schema, as in an OpenAPI document: it describes a field of its name. Reading it in full is bounded. */
function describesFields(yaml: Yaml, { kind, anchor }: YamlValue, map: string): boolean {
  if (kind === 'flow' && isFlowDescription(map)) return true;
  if (kind !== 'none' || anchor !== undefined || /(?:^|\s)[#&]/.test(map) || !SCHEMA_HEAD.test(map)) return false;
  yaml.described += map.length;
  if (yaml.described > MAX_DESCRIBED_CHARS) return false;
  const document = parseDocument(map.replace(/^[ \t]*\r?\n/, ''), { logLevel: 'silent' });
  return (
    document.errors.length === 0 && document.warnings.length === 0 && isDescription(document.toJS({ maxAliasCount: 0 }))
  );
}

function replacing(text: string, { kind, start }: YamlValue): string {
  if (kind === 'flow') return `"${REDACTED}"`;
  return /\s/.test(text.charAt(start - 1)) ? REDACTED : ` ${REDACTED}`;
}

const LINE = /^(?:---|\.\.\.|#|%|- |-$|\? |: |["'\\\w$./@ -]{1,80}?["']?[ \t]{0,40}:(?:\s|$))/;

/** Whether most lines of a text read as `name: value` or items of a list. */
export function readsAsYaml(text: string): boolean {
  return mostLinesAre(text, LINE);
}
