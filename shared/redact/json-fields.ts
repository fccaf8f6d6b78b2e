// Takes the values under sensitive names out of a JSON text. Everything else is copied as it stands.
import { limits } from '../limits.ts';
import {
  containerGoes,
  contextGoes,
  isSensitive,
  numberGoes,
  oauthNames,
  pairNames,
  pairValues,
} from './field-rules.ts';
import { type JsonVerdict, scanJson, unquote } from './json-scan.ts';
import { isInert, REDACTED } from './marker.ts';
import type { NameVerdict } from './names.ts';
import { hasHeaderRule, redactHeader } from './redact-header.ts';

export interface RedactedJson {
  readonly verdict: JsonVerdict;
  /** The redacted text; the given one unless the verdict is `json`. */
  readonly text: string;
  readonly count: number;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Kind = 'string' | 'number' | 'literal' | 'container';

interface Part {
  readonly name: string;
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
}

interface Frame {
  readonly array: boolean;
  readonly start: number;
  readonly underAuth: boolean;
  name: string;
  verdict: NameVerdict;
  /** Set where a member such as `name` holds a sensitive name. */
  pair: { readonly name: string; readonly verdict: NameVerdict } | undefined;
  /** What the end of the object decides: values of a pair, and words that need their neighbours. */
  readonly waiting: Part[];
  oauth: boolean;
  hasPairValue: boolean;
  items: number;
  first: string | undefined;
  onlyNumbers: boolean;
}

/** `judge` is a name matcher; names are decoded before they are judged. */
export function redactJsonFields(text: string, judge: (name: string) => NameVerdict): RedactedJson {
  const edits: Edit[] = [];
  const stack: Frame[] = [newFrame(true, 0, false)];
  const top = () => stack[stack.length - 1] ?? newFrame(true, 0, false);
  const verdict = scanJson(
    text,
    { depth: limits.redactDepth, nodes: limits.redactNodes },
    {
      open: (kind, at) => {
        const parent = top();
        stack.push(newFrame(kind === 'array', at, !parent.array && parent.name.toLowerCase() === 'auth'));
      },
      close: (end) => {
        const frame = stack.pop();
        if (!frame) return;
        finish(frame, text, edits);
        const numbers = frame.array && frame.items > 0 && frame.onlyNumbers;
        settle(
          top(),
          { name: top().name, kind: numbers ? 'literal' : 'container', start: frame.start, end },
          text,
          edits,
          judge,
        );
      },
      name: (start, end) => {
        const frame = top();
        frame.name = unquote(text.slice(start, end));
        frame.verdict = judge(frame.name);
        frame.oauth ||= oauthNames.has(frame.name);
        frame.hasPairValue ||= pairValues.has(frame.name);
      },
      scalar: (kind, start, end) => settle(top(), { name: top().name, kind, start, end }, text, edits, judge),
    },
  );
  return verdict === 'json' ? { verdict, ...applyEdits(text, edits) } : { verdict, text, count: 0 };
}

function newFrame(array: boolean, start: number, underAuth: boolean): Frame {
  return {
    array,
    start,
    underAuth,
    name: '',
    verdict: 'plain',
    pair: undefined,
    waiting: [],
    oauth: false,
    hasPairValue: false,
    items: 0,
    first: undefined,
    onlyNumbers: true,
  };
}

function settle(frame: Frame, part: Part, text: string, edits: Edit[], judge: (name: string) => NameVerdict): void {
  frame.items += 1;
  if (part.kind !== 'number' && part.kind !== 'literal') frame.onlyNumbers = false;
  if (frame.array) settleItem(frame, part, text, judge);
  else settleMember(frame, part, text, edits, judge);
}

// A list of two texts is a pair as well: `[["Authorization", "Bearer …"]]`.
function settleItem(frame: Frame, part: Part, text: string, judge: (name: string) => NameVerdict): void {
  if (part.kind !== 'string' || frame.items > 2) frame.pair = undefined;
  else if (frame.items === 1) {
    const name = unquote(text.slice(part.start, part.end));
    const verdict = judge(name);
    if (verdict === 'secret' || verdict === 'likely') frame.pair = { name, verdict };
  } else if (frame.pair) frame.waiting.push(part);
}

function settleMember(
  frame: Frame,
  part: Part,
  text: string,
  edits: Edit[],
  judge: (name: string) => NameVerdict,
): void {
  if (part.kind === 'string' && pairNames.has(part.name))
    notePairName(frame, unquote(text.slice(part.start, part.end)), judge);
  if (pairValues.has(part.name) || frame.verdict === 'context') frame.waiting.push(part);
  if (partGoes(frame.verdict, part.kind)) take(edits, text, part, part.name);
}

function notePairName(frame: Frame, name: string, judge: (name: string) => NameVerdict): void {
  const verdict = judge(name);
  if (isSensitive(verdict)) frame.pair = { name, verdict };
  else if (verdict === 'context' && /^(?:auth|key)$/i.test(name)) frame.pair ??= { name, verdict };
}

function partGoes(verdict: NameVerdict, kind: Kind): boolean {
  if (kind === 'string') return isSensitive(verdict);
  if (kind === 'number') return numberGoes(verdict);
  return kind === 'container' && containerGoes(verdict);
}

function finish(frame: Frame, text: string, edits: Edit[]): void {
  if (frame.array && frame.items !== 2) return;
  for (const part of frame.waiting) {
    const isValue = frame.array || pairValues.has(part.name);
    if (isValue && frame.pair && pairGoes(frame.pair, part, text)) take(edits, text, part, frame.pair.name);
    else if (part.kind === 'string' && !frame.array && lonelyGoes(frame, part, text))
      take(edits, text, part, part.name);
  }
}

function pairGoes(pair: { readonly name: string; readonly verdict: NameVerdict }, part: Part, text: string): boolean {
  if (pair.verdict !== 'context') return partGoes(pair.verdict, part.kind);
  return part.kind === 'string' && contextGoes(pair.name, unquote(text.slice(part.start, part.end)), false);
}

function lonelyGoes(frame: Frame, part: Part, text: string): boolean {
  if (frame.underAuth && part.name === 'value') return true;
  if (pairValues.has(part.name)) return false;
  if (part.name.toLowerCase() === 'key' && frame.hasPairValue) return false;
  return contextGoes(part.name, unquote(text.slice(part.start, part.end)), frame.oauth);
}

function take(edits: Edit[], text: string, { kind, start, end }: Part, name: string): void {
  if (kind !== 'string') {
    const whole = text.slice(start, end);
    if (kind !== 'container' || !(isReference(whole) || isEmpty(whole)))
      edits.push({ start, end, text: `"${REDACTED}"` });
    return;
  }
  const value = unquote(text.slice(start, end));
  if (isInert(value)) return;
  if (!hasHeaderRule(name)) edits.push({ start, end, text: `"${REDACTED}"` });
  else {
    const shown = redactHeader(name, value);
    if (shown.count > 0) edits.push({ start, end, text: JSON.stringify(shown.text) });
  }
}

/** A SecretRef as it prints: `{"kind":"inline"}` or `{"kind":"handle","id":"…","label":"…"}`. */
function isReference(text: string): boolean {
  return /^\{\s*"kind"\s*:\s*"(?:inline"\s*\}|handle"\s*(?:,\s*"(?:id|label)"\s*:\s*"[^"\\]{0,200}"\s*){1,2}\})$/.test(
    text,
  );
}

function isEmpty(text: string): boolean {
  return /^(?:\{\s*\}|\[\s*\])$/.test(text);
}

function applyEdits(text: string, edits: Edit[]): { text: string; count: number } {
  if (edits.length === 0) return { text, count: 0 };
  // An outer edit comes before those inside it.
  edits.sort((a, b) => a.start - b.start || b.end - a.end);
  const parts: string[] = [];
  let from = 0;
  let count = 0;
  for (const edit of edits) {
    if (edit.start < from) continue;
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
    count += 1;
  }
  return { text: parts.join('') + text.slice(from), count };
}
