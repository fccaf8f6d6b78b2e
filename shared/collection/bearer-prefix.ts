import { plainTemplate } from '../template/lex.ts';
import type { AuthTemplate } from './model.ts';

const DEFAULT = 'Bearer';

/**
 * An auth for a format whose bearer has no word of its own: with another word than `Bearer` it becomes the header that it is.
 * Every other auth stays as it is.
 */
export function prefixAsHeader(auth: AuthTemplate): AuthTemplate {
  const { type, fields, from } = auth;
  const { token = [], prefix } = fields;
  if (type !== 'bearer' || prefix === undefined) return auth;
  const [only, ...more] = prefix;
  const isDefault = only?.kind === 'text' && only.text.trim() === DEFAULT && more.length === 0;
  if (isDefault || token.length === 0) return { type, fields: { token }, from };
  const word = prefix.length === 0 ? [] : [...prefix, ...plainTemplate(' ')];
  const header = { key: plainTemplate('Authorization'), value: [...word, ...token], in: plainTemplate('header') };
  return { type: 'apikey', fields: header, from };
}
