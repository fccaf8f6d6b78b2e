import { handlePart } from '../../collection/handle-part.ts';
import { plainTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';

/** No secret, but nothing that the document knows: a handle `<scheme>_username`, else a variable of that name. */
export function publicField(scheme: string, field: string): Template {
  const name = `${scheme}_${field}`;
  return [handlePart(name, { otherwise: [{ kind: 'reference', name: plainTemplate(name) }] })];
}

export function scopeField(scopes: string): { readonly scope?: Template } {
  return scopes === '' ? {} : { scope: plainTemplate(scopes) };
}
