// A URL as one text, as Bruno's scripts see it, and in the parts that a request has. References in it are not looked into.
import type { ScriptUrl } from '../../../../shared/script/job.ts';
import type { MutableRequest } from '../run.ts';

type MutableUrl = MutableRequest['url'];

/** Address, enabled query and fragment; the `:name` segments stay as they are. */
export function urlText({ address, query, fragment }: ScriptUrl): string {
  const pairs = query
    .filter(({ enabled }) => enabled)
    .map(({ name, value }) => (value === null ? (name ?? '') : `${name ?? ''}=${value}`));
  return `${address}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}${fragment === undefined ? '' : `#${fragment}`}`;
}

/** Puts another text into a URL. Query fields that are switched off, and the values of `:name` segments, stay. */
export function setUrlText(url: MutableUrl, text: string): void {
  const [beforeHash = '', fragment] = splitOutside(text, '#');
  const [address = '', search] = splitOutside(beforeHash, '?');
  const pairs = search === undefined || search === '' ? [] : search.split('&');
  url.address = address;
  url.query = [
    ...pairs.map((pair) => {
      const [name = '', value] = splitOutside(pair, '=');
      return { name, value: value ?? null, enabled: true };
    }),
    ...url.query.filter(({ enabled }) => !enabled),
  ];
  if (fragment === undefined) delete url.fragment;
  else url.fragment = fragment;
}

/** At the first such sign that stands in no `{{reference}}`. */
function splitOutside(text: string, sign: string): [string, string?] {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text.startsWith('{{', at)) depth += 1;
    else if (text.startsWith('}}', at)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && text[at] === sign) return [text.slice(0, at), text.slice(at + 1)];
  }
  return [text];
}
