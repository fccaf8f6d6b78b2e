// Evaluates what scripts compute over secrets, when the request is signed. Bytes flow from one computation into the next; into a text,
// and into the request, only the text that they are.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import { isReadable } from '../../shared/script/derived.ts';
import type { DerivedPiece, LeafSecret, Rendered } from '../../shared/template/template.ts';
import { createDerivedKnowledge, type DerivedKnowledge } from './derived-knowledge.ts';
import { createWork, type DerivedWork } from './derived-work.ts';
import { doesNotFit, operate, textOf } from './operations.ts';

export interface Derived {
  /** The text of each computation. */
  readonly texts: ReadonlyMap<DerivedPiece, string>;
  /** What an answer could show of them: results, and what was computed on the way. */
  readonly known: readonly KnownSecret[];
}

/**
 * Evaluates computations, each over its secrets opened by `open`. Failures: SCRIPT/NOT_COMPUTED, which names no value, also where the
 * work is too much or the result is empty or no text; NETWORK/CANCELLED.
 */
export async function derive(
  pieces: readonly DerivedPiece[],
  open: (leaf: LeafSecret) => string,
  signal: AbortSignal,
): Promise<Result<Derived>> {
  const run: Run = { open, signal, work: createWork(), knowledge: createDerivedKnowledge() };
  const texts = new Map<DerivedPiece, string>();
  for (const piece of new Set(pieces)) {
    const computed = await compute(piece, true, run);
    if (!computed.ok) return computed;
    const text = textOf(computed.value.bytes);
    if (text === undefined || text === '') return doesNotFit();
    texts.set(piece, text);
  }
  const known = run.knowledge.values();
  // Results that are too long could not be kept out of answers.
  return known ? ok({ texts, known }) : doesNotFit();
}

interface Run {
  readonly open: (leaf: LeafSecret) => string;
  readonly signal: AbortSignal;
  readonly work: DerivedWork;
  readonly knowledge: DerivedKnowledge;
}

interface Value {
  readonly bytes: Buffer;
  /** Whether a secret is in it. */
  readonly isSecret: boolean;
}

/** `shows`: whoever has the request can tell this result from it. */
async function compute({ operation, inputs }: DerivedPiece, shows: boolean, run: Run): Promise<Result<Value>> {
  if (run.signal.aborted) return err(failure('NETWORK/CANCELLED'));
  const values: Value[] = [];
  for (const input of inputs) {
    const value = await inputValue(input, shows && isReadable(operation), run);
    if (!value.ok) return value;
    values.push(value.value);
  }
  const taken = values.map(({ bytes }) => bytes);
  if (!run.work.take(operation, taken)) return doesNotFit();
  const result = await operate(operation, taken);
  if (!result.ok) return result;
  const isSecret = values.some((value) => value.isSecret);
  if (isSecret) run.knowledge.learn(result.value, shows);
  return ok({ bytes: result.value, isSecret });
}

/** An input that is one computation is its bytes, any other the UTF-8 of its text. */
async function inputValue(input: Rendered, shows: boolean, run: Run): Promise<Result<Value>> {
  const [only, ...others] = input;
  if (only?.kind === 'derived' && others.length === 0) return compute(only, shows, run);
  let text = '';
  let isSecret = false;
  for (const piece of input) {
    const part = piece.kind === 'derived' ? await partOf(piece, shows, run) : leafPart(piece, run);
    if (!part.ok) return part;
    text += part.value.text;
    isSecret ||= part.value.isSecret;
  }
  const bytes = Buffer.from(text);
  if (isSecret && others.length > 0) run.knowledge.learnMixed(bytes, shows);
  return ok({ bytes, isSecret });
}

interface Part {
  readonly text: string;
  readonly isSecret: boolean;
}

function leafPart(piece: Exclude<Rendered[number], DerivedPiece>, { open }: Run): Result<Part> {
  return ok(piece.kind === 'text' ? { text: piece.text, isSecret: false } : { text: open(piece), isSecret: true });
}

async function partOf(piece: DerivedPiece, shows: boolean, run: Run): Promise<Result<Part>> {
  const computed = await compute(piece, shows, run);
  if (!computed.ok) return computed;
  const text = textOf(computed.value.bytes);
  return text === undefined ? doesNotFit() : ok({ text, isSecret: computed.value.isSecret });
}
