import type { RequestSettings } from '../../collection/model.ts';
import { type BruBlock, valueIn } from './syntax.ts';

/** The `settings` block; what is not stated is left to the client's default, a timeout of 0 as well. */
export function readSettings(blocks: readonly BruBlock[]): RequestSettings {
  const stated = (name: string): string | undefined => valueIn(blocks, 'settings', name);
  const followRedirects = stated('followRedirects');
  const followAuthorization = stated('forwardAuthorizationHeader');
  const maxRedirects = wholeNumber(stated('maxRedirects'));
  const timeoutMs = wholeNumber(stated('timeout'));
  return {
    ...(followRedirects !== undefined && { followRedirects: followRedirects === 'true' }),
    ...(followAuthorization !== undefined && { followAuthorizationHeader: followAuthorization === 'true' }),
    ...(maxRedirects !== undefined && { maxRedirects }),
    ...(timeoutMs !== undefined && timeoutMs > 0 && { timeoutMs }),
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}/.test(text) ? Number.parseInt(text, 10) : undefined;
}
