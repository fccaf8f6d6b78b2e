// Names and values as RFC 5849 section 3.4.1.3.1 reads them out of a query or a urlencoded body, and back.
import { type Draft, decodeLoosely, encodeStrict, headerOf, splitTarget, withQuery } from './scheme.ts';

/** Decoded. */
export type Pair = readonly [name: string, value: string];

/** Whether the body is one whose fields are signed. */
export function hasForm(draft: Draft): boolean {
  const [type = ''] = (headerOf(draft, 'content-type') ?? '').split(';', 1);
  return type.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/** The fields of a urlencoded body. */
export function formPairs({ body }: Draft): Pair[] {
  return pairsOf(Buffer.from(body).toString('utf8'));
}

/** The names and values of a urlencoded text; a name without "=" has an empty value. */
export function pairsOf(text: string): Pair[] {
  return pieces(text).map((piece) => {
    const at = piece.indexOf('=');
    return at < 0 ? [decode(piece), ''] : [decode(piece.slice(0, at)), decode(piece.slice(at + 1))];
  });
}

/** Without the fields of these names in the query and in a urlencoded body. */
export function withoutPairs(draft: Draft, names: ReadonlySet<string>): Draft {
  const clean = withQuery(draft, [...names], []);
  if (!hasForm(draft)) return clean;
  const all = pieces(Buffer.from(draft.body).toString('utf8'));
  const kept = all.filter((piece) => !names.has(decode(piece.split('=', 1)[0] ?? '')));
  return kept.length === all.length ? clean : { ...clean, body: Buffer.from(kept.join('&')) };
}

/** With these fields at the end of a urlencoded body. */
export function withForm(draft: Draft, pairs: readonly Pair[]): Draft {
  const added = pairs.map(([name, value]) => `${encodeStrict(name)}=${encodeStrict(value)}`).join('&');
  const own = Buffer.from(draft.body);
  return { ...draft, body: Buffer.concat([own, Buffer.from(own.length > 0 ? `&${added}` : added)]) };
}

/** With a query in the encoding that is signed (section 3.6), as in Postman: servers exist that sign what they read without decoding it. */
export function reencodeQuery(draft: Draft): Draft {
  const [path, query] = splitTarget(draft.target);
  if (query === undefined || query === '') return draft;
  const written = pieces(query).map((piece) => {
    const at = piece.indexOf('=');
    if (at < 0) return encodeStrict(decode(piece));
    return `${encodeStrict(decode(piece.slice(0, at)))}=${encodeStrict(decode(piece.slice(at + 1)))}`;
  });
  return { ...draft, target: `${path}?${written.join('&')}` };
}

function pieces(text: string): string[] {
  return text.split('&').filter((piece) => piece !== '');
}

function decode(text: string): string {
  return decodeLoosely(text.replaceAll('+', ' '));
}
