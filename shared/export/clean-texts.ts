// Texts of a collection as they may be written: nothing in them that has the look of a credential.
import type { RedactedText } from '../redact/marker.ts';
import { redactHeader } from '../redact/redact-header.ts';
import { redactText } from '../redact/redact-text.ts';
import { redactUrl } from '../redact/redact-url.ts';
import type { Template } from '../template/template.ts';
import type { Place } from './map-request.ts';

/** The literals of a template that has nothing sealed in it; `count` is that of the places that were replaced. */
export function cleanTemplate(
  template: Template,
  place: Place,
): { readonly template: Template; readonly count: number } {
  let count = 0;
  const clean = template.map((part) => {
    if (part.kind !== 'text') return part;
    const { text, count: found } = cleanLiteral(part.text, place, template.length === 1);
    count += found;
    return found === 0 ? part : { kind: 'text' as const, text };
  });
  return count === 0 ? { template, count } : { template: clean, count };
}

function cleanLiteral(text: string, place: Place, isWhole: boolean): RedactedText {
  if (place.kind === 'path') return redactUrl(text);
  if (place.kind === 'header' && isWhole && place.name !== 'name') return redactHeader(place.name, text);
  return redactText(text);
}
