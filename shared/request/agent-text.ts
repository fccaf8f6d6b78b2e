// What an agent supplies is data, with one exception: `{{captured:NAME}}` stands for what an answer held. Nothing else is read in it.
import { type Failure, failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { CAPTURED_REFERENCE } from '../secret/captured-name.ts';
import type { HandleInfo } from '../secret/secret-ref.ts';
import type { Piece, Rendered } from '../template/template.ts';

/** Looks up what was captured for this caller, by the NAME of `{{captured:NAME}}`; metadata only. */
export type CapturedLookup = (name: string) => HandleInfo | undefined;

/** The text in pieces; `inside` says what a captured value must be escaped for. Failure: SECRET/CAPTURED_GONE. */
export function agentPieces(text: string, captured: CapturedLookup, inside?: 'json-string' | 'form'): Result<Rendered> {
  if (!text.includes('{{captured:')) return ok(text === '' ? [] : [{ kind: 'text', text }]);
  const pieces: Piece[] = [];
  const addText = (plain: string): void => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain });
  };
  let from = 0;
  for (const match of text.matchAll(CAPTURED_REFERENCE)) {
    const info = captured(match[1] ?? '');
    if (!info) return err(capturedGone(match[0]));
    addText(text.slice(from, match.index));
    pieces.push({ kind: 'handle', id: info.id, name: info.name, ...(inside && { inside }) });
    from = match.index + match[0].length;
  }
  addText(text.slice(from));
  return ok(pieces);
}

function capturedGone(reference: string): Failure {
  return failure('SECRET/CAPTURED_GONE', { name: reference });
}
