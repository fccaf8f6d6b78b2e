// Which methods a planned request has for the servers that read it. Judged is what will be sent, so whatever only the signer knows is
// never safe.
import { isSafeMethod } from '../policy/decide.ts';
import { displayRendered, renderedText } from '../template/render.ts';
import type { Rendered } from '../template/template.ts';
import type { PlanFields } from './plan.ts';

type Request = Pick<PlanFields, 'method' | 'url' | 'headers' | 'auth'>;

/** A safe method that no header or parameter turns into another. */
export function isSafeRequest(plan: Request): boolean {
  return isSafeMethod(plan.method) && !overridesMethod(plan);
}

/** Whether a header or parameter makes some server take the request for one that is not safe. */
export function overridesMethod(plan: Request): boolean {
  return otherMethods(plan).some((method) => !isSafeMethod(method));
}

// Gateways fold "_" to "-", and "x-original-method" is what some proxies put the first method into.
const METHOD_OVERRIDE = /^(?:x-)?(?:http-|original-|real-|rewrite-)*method(?:-override)?$/;

// As a parameter: `_method` (WordPress, Rails, Laravel), `$httpMethod`, `X-HTTP-Method-Override`. Bare `method` is an ordinary name there.
const PARAMETER_OVERRIDE = /^(?:-method|[$]?http-?method|(?:x-)?(?:http-)?method-override)$/;

type Named = readonly [name: string | undefined, value: Rendered];

/**
 * The methods, in capitals, that frameworks take such a request for, going by a header or parameter of it; '' where only the signer
 * knows which.
 */
export function otherMethods({ url, headers, auth }: Request): readonly string[] {
  const query = url.query.map(({ name, value }): Named => [renderedText(name ?? []), value ?? []]);
  const { header, parameter } = keyOf(auth);
  const inHeaders = [...headers.map(({ name, value }): Named => [name, value]), ...header];
  return [
    ...inHeaders.flatMap((each) => methodIn(METHOD_OVERRIDE, each)),
    ...[...query, ...parameter].flatMap((each) => methodIn(PARAMETER_OVERRIDE, each)),
    ...methodsInPath(displayRendered(url.path)),
  ];
}

/** A name that only the signer knows could be any name. */
function methodIn(override: RegExp, [name, value]: Named): string[] {
  const plain = name === undefined ? undefined : decoded(name)?.toLowerCase().replaceAll('_', '-');
  if (plain !== undefined && !override.test(plain)) return [];
  return [renderedText(value)?.trim().toUpperCase() ?? ''];
}

/** A path parameter; whatever it names is not taken for safe. */
function methodsInPath(path: string): string[] {
  return /;_method=/i.test(decoded(path) ?? path) ? [''] : [];
}

/** Where an apikey auth puts its value. */
function keyOf({ type, fields }: Request['auth']): {
  readonly header: readonly Named[];
  readonly parameter: readonly Named[];
} {
  const named: readonly Named[] = [[renderedText(fields.key ?? []), fields.value ?? []]];
  const place = renderedText(fields.in ?? []);
  if (type !== 'apikey' || place === 'cookie') return { header: [], parameter: [] };
  return place === 'query' ? { header: [], parameter: named } : { header: named, parameter: [] };
}

/** Undefined where servers differ in what they read: such a name could be any. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).trim();
  } catch {
    return undefined;
  }
}
