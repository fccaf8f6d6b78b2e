import { redactProse } from '../redact/redact-prose.ts';
import { redactUrl } from '../redact/redact-url.ts';

/**
 * A name as it may be shown: what a person wrote, without what looks like a credential. Postman names unsaved requests
 * after their URL, query included. Everything that an agent can see or search of a name is made of this, ids as well: a
 * search of what is not shown would tell a secret letter by letter.
 */
export function shownName(name: string): string {
  const words = name.split(' ').map((word) => redactUrl(word).text);
  return redactProse(words.join(' ')).text;
}
