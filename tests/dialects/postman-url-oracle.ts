import sdk from 'postman-collection';
import type { QueryField, UrlTemplate } from '../../shared/collection/model.ts';
import { plainText } from './plain-text.ts';

/** The URL that postman-collection makes of a request's definition. */
export function oracleUrl(request: unknown): string {
  return new sdk.Request(structuredClone(request)).url.toString();
}

/** Our parts joined as its Url#toString joins them: path variables filled in, disabled parameters left out. */
export function urlText({ address, query, fragment, pathVariables }: UrlTemplate): string {
  const values = new Map(pathVariables.map(({ name, value }) => [plainText(name), plainText(value)]));
  const [, origin = '', path = ''] = /^((?:[^/]*:\/\/)?[^/]*)(.*)$/s.exec(plainText(address)) ?? [];
  const filled = path.split('/').map((segment) => {
    const name = /^:([^.]*)/.exec(segment)?.[1] ?? '';
    const value = name === '' ? undefined : values.get(name);
    return value ? value + segment.slice(name.length + 1) : segment;
  });
  const enabled = query.filter((param) => param.enabled);
  const search = enabled.length > 0 ? `?${enabled.map(paramText).join('&')}` : '';
  return origin + filled.join('/') + search + (fragment ? `#${plainText(fragment)}` : '');
}

function paramText({ name, value }: QueryField): string {
  const after = value === null ? '' : `=${escapeReserved(plainText(value), false)}`;
  return (name === null ? '' : escapeReserved(plainText(name), true)) + after;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '%26', '#': '%23', '=': '%3D' };

function escapeReserved(text: string, equals: boolean): string {
  return text.replace(/\{\{[^{}]*\}\}|[&#=]/g, (found) =>
    found === '=' && !equals ? found : (ESCAPES[found] ?? found),
  );
}
