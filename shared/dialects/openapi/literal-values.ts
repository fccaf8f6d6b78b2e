import { isObject, textOf } from '../../collection/narrow.ts';
import { sealBody, sealField, sealText } from '../../collection/seal-literals.ts';
import { isSensitiveName } from '../../redact/names.ts';
import { encodeComponent } from '../../request/percent-encode.ts';
import { plainTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import type { StyledValue } from './styles.ts';

/** How the literal parts of a value are encoded: in a URL all but unreserved characters, or all but reserved ones too. */
export type Encoding = 'none' | 'component' | 'keep-reserved';

export interface LiteralInput {
  readonly name: string;
  readonly encoding: Encoding;
  /** Of a cookie every value is a secret. */
  readonly secret: boolean;
}

/** A stated value in its parts, secrets sealed by the name that they stand under. */
export function literalValue(value: unknown, input: LiteralInput): StyledValue {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => literalText(item, input)) };
  if (!isObject(value)) return { kind: 'scalar', text: literalText(value, input) };
  const entries = Object.entries(value).map(([key, inner]) => {
    const name = isSensitiveName(input.name) ? input.name : key;
    return [key, literalText(inner, { ...input, name })] as const;
  });
  return { kind: 'record', entries };
}

/** A stated value as one text; what is a structure as JSON. */
export function literalText(value: unknown, { name, encoding, secret }: LiteralInput): Template {
  const text = textOf(value);
  const sealed = secret ? sealText(text) : sealField(name, text);
  const looked = sealed.some(({ kind }) => kind === 'sealed') ? sealed : sealBody(text);
  return encoding === 'none'
    ? looked
    : looked.flatMap((part) => (part.kind === 'text' ? encode(part.text, encoding) : [part]));
}

/** RFC 3986, section 2.2, without what would end a query's parameter or reads as a space. */
const RESERVED = /([:/?[\]@!$'()*,;=]+)/;

// A secret is sealed as it is, so that it is known again in an answer; the signer encodes it.
function encode(text: string, encoding: Encoding): Template {
  if (encoding === 'component') return plainTemplate(encodeComponent(text));
  const pieces = text.split(RESERVED).map((piece, index) => (index % 2 === 1 ? piece : encodeComponent(piece)));
  return plainTemplate(pieces.join(''));
}

/** A reference to a variable of this name. */
export function referenceTo(name: string): Template {
  return [{ kind: 'reference', name: plainTemplate(name) }];
}
