import { sealBody, sealField, sealHeader, sealPlain, sealText } from '../../collection/seal-literals.ts';
import { lexTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { type Encoded, encodeInsomnia, type LexContext, lexInsomnia, lexLiteral } from './lex.ts';

/** How each kind of text of one collection is read, its secrets sealed. */
export interface Texts {
  plain(text: string): Template;
  /** A value under a name that says nothing. */
  value(text: string): Template;
  secret(text: string): Template;
  field(name: string, value: string): Template;
  header(name: string, value: string): Template;
  /** `rendered: false`: the request says that its body is sent as it is. */
  body(text: string, rendered: boolean): Template;
  /** For what takes a text apart before it lexes it, such as a URL. */
  encode(text: string): Encoded;
}

/** The reader of the texts of a collection. */
export function createTexts(context: LexContext): Texts {
  const through = (text: string, seal: (text: string) => Template): Template => lexInsomnia(text, context, seal);
  return {
    plain: (text) => through(text, lexTemplate),
    value: (text) => through(text, sealPlain),
    secret: (text) => through(text, sealText),
    field: (name, value) => through(value, (text) => sealField(name, text)),
    header: (name, value) => through(value, (text) => sealHeader(name, text)),
    body: (text, rendered) => (rendered ? through(text, sealBody) : lexLiteral(text, sealBody)),
    encode: (text) => encodeInsomnia(text, context),
  };
}
