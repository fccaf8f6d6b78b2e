import type { RequestSettings } from '../../collection/model.ts';
import { isObject } from '../../collection/narrow.ts';

const SWITCHES = [
  'followRedirects',
  'followOriginalHttpMethod',
  'followAuthorizationHeader',
  'removeRefererHeaderOnRedirect',
  'disableBodyPruning',
  'disableUrlEncoding',
  'disableCookies',
  'strictSSL',
] as const;

/** protocolProfileBehavior of each level, outermost first; the nearer one wins key by key. */
export function readSettings(levels: readonly unknown[]): RequestSettings {
  const merged: Record<string, unknown> = {};
  for (const level of levels) if (isObject(level)) Object.assign(merged, level);
  const settings: { -readonly [Key in keyof RequestSettings]: RequestSettings[Key] } = {};
  for (const name of SWITCHES) {
    const value = merged[name];
    if (typeof value === 'boolean') settings[name] = value;
  }
  const redirects = merged.maxRedirects;
  if (typeof redirects === 'number' && Number.isInteger(redirects) && redirects >= 0) settings.maxRedirects = redirects;
  const headers = merged.disabledSystemHeaders;
  if (isObject(headers)) settings.disabledSystemHeaders = Object.keys(headers).filter((name) => headers[name] === true);
  return settings;
}
