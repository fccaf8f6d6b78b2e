// What is read as something (a key, a number, an address, JSON), and refused where it is none, must not be put together of a secret and
// of text that others choose: what is refused would tell them parts of the secret.
import { ok, type Result } from '../failure/result.ts';
import type { Rendered, SecretPiece } from '../template/template.ts';
import { judgeComputations, pieceForm } from './judge-computations.ts';
import { isKeyAlone, type SecretForm } from './key-alone.ts';
import { misplacedSecret } from './misplaced-secret.ts';
import type { PlannedAuth } from './plan.ts';
import { derivedPieces, type PlannedTexts } from './secret-pieces.ts';

/**
 * Judges the computations and the auth fields of a plan, before anything is opened. Failures: SCRIPT/NOT_COMPUTED;
 * SECRET/PLACE_NOT_ALLOWED for a secret beside other text in a private key or in a field that is read as a number or an address, and in
 * JSON where it could be a part of an escape.
 */
export function judgeParsed(plan: PlannedTexts): Result<void> {
  const computed = judgeComputations(derivedPieces(plan));
  if (!computed.ok) return computed;
  for (const [field, rendered] of Object.entries(plan.auth.fields)) {
    const judged = judgeField(plan.auth, field, rendered);
    if (!judged.ok) return judged;
  }
  return ok(undefined);
}

/** Fields that are read as a number or an address, by the type of auth. */
const WHOLE_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['edgegrid', new Set(['baseURL', 'maxBodySize'])],
  ['asap', new Set(['exp'])],
]);

const KEY_FIELD = 'privateKey';

/** Fields of JSON that a key signs as it stands there, by the type of auth. */
export const JSON_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['jwt', new Set(['payload', 'header'])],
  ['asap', new Set(['claims'])],
]);

function judgeField({ type }: PlannedAuth, field: string, rendered: Rendered): Result<void> {
  const secret = rendered.find((piece) => piece.kind !== 'text');
  if (secret === undefined) return ok(undefined);
  if (WHOLE_FIELDS.get(type)?.has(field)) return judgeAlone(rendered, secret, field);
  if (field === KEY_FIELD) return judgeKey(rendered);
  const ending = JSON_FIELDS.get(type)?.has(field) ? escapeEnding(rendered) : undefined;
  return ending === undefined
    ? ok(undefined)
    : misplacedSecret(ending, `${field} right behind a "\\" or another secret`);
}

function judgeAlone(rendered: Rendered, secret: SecretPiece, field: string): Result<void> {
  const form = pieceForm(secret);
  if (!form.ok) return form;
  return rendered.length === 1 && form.value.isOwn
    ? ok(undefined)
    : misplacedSecret(secret, `${field} beside other text`);
}

function judgeKey(rendered: Rendered): Result<void> {
  const forms: SecretForm[] = [];
  for (const piece of rendered) {
    const form = pieceForm(piece);
    if (!form.ok) return form;
    forms.push(form.value);
  }
  if (isKeyAlone(rendered, forms)) return ok(undefined);
  const secret = rendered.find((piece) => piece.kind === 'handle') ?? rendered.find((piece) => piece.kind !== 'text');
  return secret ? misplacedSecret(secret, 'private key beside other text') : ok(undefined);
}

const UNFINISHED = /(?:^|[^\\])(?:\\\\)*\\(?:u[0-9a-f]{0,3})?$/i;

/** A secret whose first characters could be the rest of an escape: of what another secret ends with nothing is known. */
function escapeEnding(rendered: Rendered): SecretPiece | undefined {
  for (const [index, piece] of rendered.entries()) {
    const before = rendered[index - 1];
    if (piece.kind === 'text' || before === undefined) continue;
    if (before.kind !== 'text' || UNFINISHED.test(before.text)) return piece;
  }
  return undefined;
}
