// Which methods a planned request has for the servers that read it. Judged is what will be sent, so whatever only the signer knows is
// never safe.
import { isSafeMethod } from '../policy/decide.ts';
import { displayRendered, renderedText } from '../template/render.ts';
import { type MethodField, methodFields } from './body-fields.ts';
import { isBareMethod, isMethodHeader, isMethodParameter } from './method-names.ts';
import type { PlanFields } from './plan.ts';

type Request = Pick<PlanFields, 'method' | 'url' | 'headers' | 'auth' | 'body'>;

/** A safe method that no header, parameter or field of the body turns into another. */
export function isSafeRequest(plan: Request): boolean {
  return isSafeMethod(plan.method) && !overridesMethod(plan);
}

/** Whether a header, a parameter or a field of the body makes some server take the request for one that is not safe. */
export function overridesMethod(plan: Request): boolean {
  return otherMethods(plan).some((method) => !isSafeMethod(method));
}

/**
 * The methods, in capitals, that frameworks take such a request for, going by a header, a parameter or a field of its body; '' where
 * only the signer knows which.
 */
export function otherMethods({ url, headers, auth, body }: Request): readonly string[] {
  const { header, parameter } = keyOf(auth);
  const inHeaders = [...headers.map(({ name, value }): MethodField => [name, value]), ...header];
  const parameters = [...url.query.flatMap(parametersOf), ...parameter];
  return [
    ...inHeaders.flatMap((each) => methodIn(isMethodHeader, each)),
    ...[...parameters, ...methodFields(body)].flatMap((each) => methodIn(isMethodParameter, each)),
    ...parameters.flatMap(bareMethod),
    ...methodsInPath(displayRendered(url.path)),
  ];
}

/** A name that only the signer knows could be any name. */
function methodIn(isOverride: (name: string) => boolean, [name, value]: MethodField): string[] {
  if (name !== undefined && !isOverride(name)) return [];
  return [renderedText(value)?.trim().toUpperCase() ?? ''];
}

/** Under an ordinary name only what is a method that may change data. */
function bareMethod([name, value]: MethodField): string[] {
  const method = decoded(displayRendered(value))?.toUpperCase() ?? '';
  return name !== undefined && isBareMethod(name) && WRITING.test(method) ? [method] : [];
}

const WRITING = /^(?:POST|PUT|PATCH|DELETE|MERGE)$/;

/** One parameter for us may be several for a server that also separates them at ";". */
function parametersOf({ name, value }: PlanFields['url']['query'][number]): MethodField[] {
  const whole: MethodField = [plainName(renderedText(name ?? [])), value ?? []];
  const text = `${displayRendered(name ?? [])}=${displayRendered(value ?? [])}`;
  return text.includes(';') ? [whole, ...text.split(';').map(readPair)] : [whole];
}

function readPair(pair: string): MethodField {
  const at = pair.indexOf('=');
  const [name, text] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  return [plainName(name), [{ kind: 'text', text }]];
}

function plainName(name: string | undefined): string | undefined {
  return name === undefined ? undefined : decoded(name);
}

/** A path parameter; whatever it names is not taken for safe. */
function methodsInPath(path: string): string[] {
  const [, ...parameters] = (decoded(path) ?? path).split(';');
  return parameters.some((each) => isMethodParameter(each.split('=', 1)[0] ?? '')) ? [''] : [];
}

/** Where an apikey auth puts its value. */
function keyOf({ type, fields }: Request['auth']): {
  readonly header: readonly MethodField[];
  readonly parameter: readonly MethodField[];
} {
  const place = renderedText(fields.in ?? []);
  if (type !== 'apikey' || place === 'cookie') return { header: [], parameter: [] };
  const name = renderedText(fields.key ?? []);
  const value = fields.value ?? [];
  return place === 'query'
    ? { header: [], parameter: [[plainName(name), value]] }
    : { header: [[name, value]], parameter: [] };
}

/** Undefined where servers differ in what they read: such a name could be any. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).trim();
  } catch {
    return undefined;
  }
}
