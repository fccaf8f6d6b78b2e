import { reveal } from '../../shared/secret/reveal.ts';
import type { Template } from '../../shared/template/template.ts';

/** The text that a template was lexed from, secrets included: for comparing with what other readers make of a file. */
export function plainText(template: Template): string {
  return template
    .map((part) => {
      if (part.kind === 'text') return part.text;
      return part.kind === 'sealed' ? reveal(part.value) : `{{${plainText(part.name)}}}`;
    })
    .join('');
}
