import { reveal } from '../../shared/secret/reveal.ts';
import type { Template, TemplatePart } from '../../shared/template/template.ts';

/** The text that a template was lexed from, secrets included: for comparing with what other readers make of a file. */
export function plainText(template: Template): string {
  return template.map(plainPart).join('');
}

function plainPart(part: TemplatePart): string {
  switch (part.kind) {
    case 'sealed':
      return reveal(part.value);
    case 'reference':
      return `{{${plainText(part.name)}}}`;
    case 'handle':
      return `{{vault:${part.names[0]}}}`;
    case 'text':
    case 'unsupported':
      return part.text;
    case 'captured':
    case 'derived':
      throw new Error('No file has such a part.');
  }
}
