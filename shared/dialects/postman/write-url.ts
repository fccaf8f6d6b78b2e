import type { QueryField, UrlTemplate } from '../../collection/model.ts';
import { maskReferences } from '../outside-references.ts';
import { splitOutside } from './url.ts';
import { type WriteText, writeField, writeRest } from './write-fields.ts';

/** A URL in the components that postman-collection joins to the same text again, with the whole of it as `raw`. */
export function writeUrl({ address, query, fragment, pathVariables }: UrlTemplate, text: WriteText) {
  const written = text(address);
  const params = query.map((field) => writeParam(field, text));
  const hash = fragment && text(fragment);
  const sent = params.filter(({ disabled }) => !disabled).map(({ key, value }) => joinParam(key, value));
  const raw = written + (sent.length > 0 ? `?${sent.join('&')}` : '') + (hash === undefined ? '' : `#${hash}`);
  return {
    raw,
    ...splitAddress(written),
    ...(params.length > 0 && { query: params }),
    ...(hash !== undefined && { hash }),
    ...(pathVariables.length > 0 && { variable: pathVariables.map((field) => writeField(field, text)) }),
  };
}

function writeParam({ name, value, enabled, description }: QueryField, text: WriteText) {
  return {
    key: name === null ? null : text(name),
    value: value === null ? null : text(value),
    ...writeRest({ enabled, description }),
  };
}

function joinParam(key: string | null, value: string | null): string {
  return value === null ? (key ?? '') : `${key ?? ''}=${value}`;
}

interface Components {
  readonly protocol?: string;
  readonly auth?: { readonly user: string; readonly password?: string };
  readonly host?: string[];
  readonly port?: string;
  readonly path?: string[];
}

function splitAddress(address: string): Components {
  const scheme = maskReferences(address).indexOf('://');
  const rest = scheme < 1 ? address : address.slice(scheme + '://'.length);
  const slash = maskReferences(rest).indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const at = maskReferences(authority).lastIndexOf('@');
  return {
    ...(scheme > 0 && { protocol: address.slice(0, scheme) }),
    ...(at >= 0 && { auth: splitUser(authority.slice(0, at)) }),
    ...splitHost(authority.slice(at + 1)),
    ...(slash >= 0 && { path: splitOutside(rest.slice(slash + 1), '/') }),
  };
}

function splitUser(userinfo: string): { readonly user: string; readonly password?: string } {
  const colon = maskReferences(userinfo).indexOf(':');
  return colon < 0 ? { user: userinfo } : { user: userinfo.slice(0, colon), password: userinfo.slice(colon + 1) };
}

/** The last colon starts the port, unless it is one of an IPv6 address (RFC 3986 section 3.2.2). */
function splitHost(host: string): Pick<Components, 'host' | 'port'> {
  const mask = maskReferences(host);
  const colon = mask.lastIndexOf(':');
  const hasPort = colon >= 0 && !mask.slice(colon).includes(']');
  const name = hasPort ? host.slice(0, colon) : host;
  return {
    ...(name !== '' && { host: splitOutside(name, '.') }),
    ...(hasPort && { port: host.slice(colon + 1) }),
  };
}
