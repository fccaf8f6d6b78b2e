// bruno.json: what marks the root of a collection.
import { findJsonError } from '../../collection/json-error.ts';
import { isObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';

export interface BrunoConfig {
  readonly name: string;
  /** Paths below the root that are no part of the collection. */
  readonly ignore: readonly string[];
  /** Whether scripts after the answer run from the collection inwards; by default they run from the request outwards. */
  readonly isSequential: boolean;
  /** Fixed sentences on what it asks for and Keyward does not do. */
  readonly notes: readonly string[];
}

/** Fails with COLLECTION/MALFORMED where the text is no JSON object. */
export function parseConfig(text: string, file: string): Result<BrunoConfig> {
  const root = parseJson(text);
  if (!isObject(root)) {
    const { problem = 'it holds no JSON object', ...place } = findJsonError(text) ?? {};
    return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, ...place }));
  }
  const certificates = objectOr(root.clientCertificates);
  const hasCertificates = certificates.enabled !== false && listOr(certificates.certs).length > 0;
  const notes = [
    ...(hasCertificates ? ['Client certificates of bruno.json are not used'] : []),
    ...(hasProxy(root.proxy) ? ['The proxy of bruno.json is not used: keyward.yaml can name one'] : []),
  ];
  return ok({
    name: textOf(root.name).trim(),
    ignore: listOr(root.ignore).flatMap((path) => (typeof path === 'string' && path !== '' ? [path] : [])),
    isSequential: objectOr(root.scripts).flow === 'sequential',
    notes,
  });
}

/** A proxy that is switched on, in the form of today (`inherit`, `disabled`) or the one before (`enabled`). */
function hasProxy(stated: unknown): boolean {
  const proxy = objectOr(stated);
  if (proxy.enabled === true || proxy.enabled === 'true') return true;
  return proxy.inherit === false && proxy.disabled !== true && textOf(objectOr(proxy.config).hostname) !== '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
