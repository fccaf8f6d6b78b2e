// What can go wrong when a computation over secrets is evaluated must not depend on parts of a secret: whoever may choose the text
// around it would find out one character after the other, by what succeeds. So its form alone has to say that it can be evaluated,
// but for what one secret by itself decides (whether it is hex, say), which is one answer for ever.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import type { DerivedOperation } from '../script/derived.ts';
import type { DerivedPiece, Piece, Rendered } from '../template/template.ts';
import { isKeyAlone, type SecretForm } from './key-alone.ts';

/** SCRIPT/NOT_COMPUTED for a computation whose success would tell of parts of a secret. To be asked before anything is opened. */
export function judgeComputations(pieces: readonly DerivedPiece[]): Result<void> {
  for (const piece of pieces) {
    const form = formOf(piece);
    if (!form.ok) return form;
    if (!isReadable(form.value)) return refused(UNREADABLE);
  }
  return ok(undefined);
}

/** What is known of bytes without their value. */
interface Form extends SecretForm {
  /** Text in UTF-8, whatever the values are. */
  readonly isText: boolean;
  /** Written in an encoding, from which it can be read back whatever the values are. */
  readonly written?: { readonly as: 'hex' | 'base64' | 'latin1'; readonly of: Form };
  /** It may be read as a private key. */
  readonly isKey?: boolean;
}

const TEXT: Form = { holdsSecret: false, isText: true, isOwn: false };
const SECRET: Form = { holdsSecret: true, isText: true, isOwn: true };

const UNREADABLE = 'it takes bytes for a text, which they need not be; Base64 and hex are';
const NOT_OWN = 'what it decodes is neither one secret alone nor what was encoded before';
const NO_KEY = 'its private key is not one secret with nothing but the lines of PEM around it';

function refused(problem: string): Result<never> {
  return err(failure('SCRIPT/NOT_COMPUTED', { problem }));
}

function formOf({ operation, inputs }: DerivedPiece): Result<Form> {
  const forms: Form[] = [];
  for (const input of inputs) {
    const form = inputForm(input);
    if (!form.ok) return form;
    forms.push(form.value);
  }
  if (operation.name === 'sign' && !mayBeKey(forms[1] ?? TEXT)) return refused(NO_KEY);
  const [only = TEXT, ...others] = forms;
  return operation.name === 'concat' && others.length > 0 ? ok(joined(forms)) : applied(operation, only, forms);
}

function mayBeKey({ holdsSecret, isOwn, isKey = isOwn }: Form): boolean {
  return isKey || !holdsSecret;
}

/** Of bytes that stand in a row. What is text by itself is text in any row of texts. */
function joined(forms: readonly Form[]): Form {
  return { holdsSecret: holdsAny(forms), isText: forms.every(({ isText }) => isText), isOwn: false };
}

function holdsAny(forms: readonly Form[]): boolean {
  return forms.some(({ holdsSecret }) => holdsSecret);
}

function applied(operation: DerivedOperation, input: Form, all: readonly Form[]): Result<Form> {
  switch (operation.name) {
    case 'concat':
      return ok(input);
    case 'hash':
    case 'hmac':
    case 'pbkdf2':
    case 'sign':
      return ok({ holdsSecret: holdsAny(all), isText: false, isOwn: false });
    case 'encode':
      return encoded(operation.to, input);
    case 'decode':
      return decoded(operation.from, input);
    case 'percent':
    case 'form':
      return isReadable(input) ? ok({ ...TEXT, holdsSecret: input.holdsSecret }) : refused(UNREADABLE);
    case 'upper':
    case 'lower':
      return inOtherLetters(input);
  }
}

/** Whether it is text, or whether it is tells at most one thing about one secret. */
function isReadable({ holdsSecret, isText, isOwn }: Form): boolean {
  return isText || isOwn || !holdsSecret;
}

type Encoding = Extract<DerivedOperation, { name: 'decode' }>['from'];

function encoded(to: Encoding, input: Form): Result<Form> {
  const { holdsSecret, isOwn } = input;
  if (to === 'utf8') return isReadable(input) ? ok({ holdsSecret, isText: true, isOwn }) : refused(UNREADABLE);
  // Characters of Latin-1 may be none that a header takes: of a hash they are only good to be read back.
  const written = { as: to === 'base64url' ? 'base64' : to, of: input } as const;
  if (to === 'latin1') return ok({ holdsSecret, isText: isReadable(input), isOwn, written });
  return ok({ holdsSecret, isText: true, isOwn: false, written });
}

function decoded(from: Encoding, input: Form): Result<Form> {
  if (from === 'utf8') return ok(input);
  const { holdsSecret, isOwn, written } = input;
  if (written?.as === (from === 'base64url' ? 'base64' : from)) return ok(written.of);
  const bytes = { holdsSecret, isText: false, isOwn };
  if (from === 'latin1') return isReadable(input) ? ok(bytes) : refused(UNREADABLE);
  return isOwn || !holdsSecret ? ok(bytes) : refused(NOT_OWN);
}

function inOtherLetters({ holdsSecret, isOwn, ...input }: Form): Result<Form> {
  if (!isReadable({ holdsSecret, isOwn, ...input })) return refused(UNREADABLE);
  const { written } = input;
  return ok({ holdsSecret, isText: true, isOwn, ...(written?.as === 'hex' && { written }) });
}

/** An input that is one computation is its bytes, any other a text. */
function inputForm(input: Rendered): Result<Form> {
  const forms: Form[] = [];
  for (const piece of input) {
    const form = pieceForm(piece);
    if (!form.ok || input.length === 1) return form;
    if (!isReadable(form.value)) return refused(UNREADABLE);
    forms.push(form.value);
  }
  const isKey = isKeyAlone(input, forms);
  const [only, ...others] = forms.filter(({ holdsSecret }) => holdsSecret);
  if (only && others.length === 0 && input.every(isSecretOrFill)) return ok({ ...only, isText: true, isKey });
  const text = { holdsSecret: only !== undefined, isText: true, isOwn: false, isKey };
  return ok(isHex(input, forms) ? { ...text, written: { as: 'hex', of: { ...text, isText: false } } } : text);
}

/** Of one piece. Failure: SCRIPT/NOT_COMPUTED, as above. */
export function pieceForm(piece: Piece): Result<Form> {
  if (piece.kind === 'derived') return formOf(piece);
  return ok(piece.kind === 'text' ? TEXT : SECRET);
}

/** White space and the padding of Base64 do not count where a text is decoded. */
function isSecretOrFill(piece: Piece): boolean {
  return piece.kind === 'text' ? /^[\s=]*$/.test(piece.text) : true;
}

/** Results in hex have an even number of digits, so what they are put together with decides. */
function isHex(input: Rendered, forms: readonly Form[]): boolean {
  let digits = '';
  for (const [index, piece] of input.entries()) {
    if (piece.kind === 'text') digits += piece.text.replace(/\s/g, '');
    else if (forms[index]?.written?.as !== 'hex') return false;
  }
  return /^(?:[0-9a-f]{2})*$/i.test(digits);
}
