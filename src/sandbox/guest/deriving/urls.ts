// URL, URLSearchParams and Node's `url` over live references: they stay whole, and a secret in a form is encoded by the signer.
import { formatLegacyUrl, parseLegacyUrl } from '../libraries/url/legacy-url.ts';
import { createUrlClass } from '../libraries/url/url-class.ts';
import { createSearchParamsClass, encodeForm, type FormWriter, parseForm } from '../libraries/url/url-search-params.ts';
import type { Deriving } from './deriving.ts';

export function createUrls(deriving: Deriving) {
  const write: FormWriter = (text) =>
    deriving.secretOf(text) === undefined ? encodeForm(deriving.plain(text)) : deriving.derive({ name: 'form' }, text);
  const URLSearchParams = createSearchParamsClass({
    write,
    parse(query) {
      const { text, restore } = deriving.hide(query);
      return parseForm(text).map(([name, value]) => [restore(name), restore(value)]);
    },
  });
  const GuestUrl = createUrlClass({ hide: deriving.hide, URLSearchParams });
  const parse = (url: string, hasQuery?: boolean, hasHost?: boolean) => {
    const { text, restore } = deriving.hide(url);
    return restoredEach(parseLegacyUrl(text, hasQuery, hasHost), restore);
  };
  const module = {
    URL: GuestUrl,
    URLSearchParams,
    parse,
    format: (url: unknown) =>
      url instanceof GuestUrl
        ? url.href
        : typeof url === 'string'
          ? parse(url).href
          : formatLegacyUrl(Object(url) as object),
    resolve: (from: string, to: string) =>
      new GuestUrl(to, new GuestUrl(from, 'resolve:///')).href.replace(/^resolve:\/\//, ''),
    domainToASCII: (name: string) => GuestUrl.parse(`http://${name}`)?.hostname ?? '',
  };
  return { URL: GuestUrl, URLSearchParams, module, write };
}

function restoredEach<T extends object>(fields: T, restore: (text: string) => string): T {
  const entries = Object.entries(fields).map(([name, value]) => [name, restoredValue(value, restore)]);
  return Object.fromEntries(entries) as T;
}

function restoredValue(value: unknown, restore: (text: string) => string): unknown {
  if (typeof value === 'string') return restore(value);
  return typeof value === 'object' && value !== null ? restoredEach(value, restore) : value;
}
