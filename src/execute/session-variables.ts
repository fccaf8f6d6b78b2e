// What scripts wrote, in memory: one set for each caller, bounded. Over the most callers the one that was idle longest is forgotten.
import type { Environment, Variable } from '../../shared/collection/model.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { sealLiteral } from '../../shared/template/lex.ts';
import type { Template } from '../../shared/template/template.ts';
import { createTemplateMeasure } from '../../shared/template/template-size.ts';
import type { SessionPlace, SessionVariable, SessionVariables } from './ports.ts';

/** Nothing is kept beyond the life of the process. */
export function createSessionVariables(): SessionVariables {
  const sizeOf = createTemplateMeasure();
  const charsOf = ({ name, value = [], json = [] }: SessionVariable): number =>
    name.length + sizeOf(value).chars + sizeOf(json).chars;
  // In the order of their last use.
  const sessions = new Map<string, Session>();
  const use = (caller: string, session: Session): void => {
    sessions.delete(caller);
    sessions.set(caller, session);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= limits.sessionCallers) return;
      sessions.delete(oldest);
    }
  };
  return {
    read(caller, place) {
      const session = sessions.get(caller);
      if (!session) return [];
      use(caller, session);
      return [...(session.places.get(keyOf(place))?.values() ?? [])];
    },
    write(caller, writes) {
      const written = writtenTo(sessions.get(caller) ?? NOTHING, writes, charsOf);
      if (written.ok) use(caller, written.value);
      return written.ok ? ok(undefined) : written;
    },
  };
}

/** Of one caller; never changed in place, so that a write that is refused leaves no trace. */
interface Session {
  readonly places: ReadonlyMap<string, ReadonlyMap<string, SessionVariable>>;
  readonly variables: number;
  readonly chars: number;
}

const NOTHING: Session = { places: new Map(), variables: 0, chars: 0 };

function writtenTo(
  session: Session,
  writes: readonly (SessionPlace & { readonly variable: SessionVariable })[],
  charsOf: (variable: SessionVariable) => number,
): Result<Session> {
  const places = new Map(session.places);
  const copied = new Map<string, Map<string, SessionVariable>>();
  let { variables, chars } = session;
  for (const { variable, ...place } of writes) {
    const key = keyOf(place);
    const held = copied.get(key) ?? new Map(places.get(key));
    copied.set(key, held);
    places.set(key, held);
    const former = held.get(variable.name);
    variables += former ? 0 : 1;
    chars += charsOf(variable) - (former ? charsOf(former) : 0);
    // What was written last stands last.
    held.delete(variable.name);
    held.set(variable.name, variable);
  }
  if (variables > limits.sessionVariables) return tooMuch(`more than ${limits.sessionVariables} variables`);
  if (chars > limits.sessionChars) return tooMuch(`more than ${limits.sessionChars} characters in variables`);
  return ok({ places, variables, chars });
}

function tooMuch(problem: string): Result<never> {
  return err(failure('SCRIPT/OUTPUT_LIMIT', { problem: `they hold ${problem} for later requests` }));
}

function keyOf({ layer, owner }: SessionPlace): string {
  return `${layer} ${owner}`;
}

/** Owner of globals, and of what is written for an environment where none was chosen. */
export const NOBODY = '-';

/** The variables of an environment, or of a file of globals, with what the caller's scripts wrote over them. */
export function environmentInSession(
  { id, kind, variables }: Environment,
  caller: string,
  session: SessionVariables,
): readonly Variable[] {
  const place: SessionPlace =
    kind === 'globals' ? { layer: 'globals', owner: NOBODY } : { layer: 'environment', owner: id };
  return withSession(variables, session.read(caller, place));
}

/**
 * The variables of the files with what scripts wrote over them: a value takes the place of all of its name, or of none at the end, and
 * what was taken away is gone.
 */
export function withSession(variables: readonly Variable[], session: readonly SessionVariable[]): readonly Variable[] {
  if (session.length === 0) return variables;
  const written = new Map(session.map((each) => [each.name, each]));
  const kept = variables.filter(({ name, enabled }) => !enabled || !written.has(name));
  const secret = new Set(variables.filter((each) => each.secret).map(({ name }) => name));
  return [...kept, ...[...written.values()].flatMap((each) => asVariable(each, secret))];
}

function asVariable({ name, value }: SessionVariable, secret: ReadonlySet<string>): readonly Variable[] {
  if (value === undefined) return [];
  const isSecret = secret.has(name);
  return [
    {
      name,
      value: isSecret ? sealTexts(value) : value,
      enabled: true,
      secret: isSecret || holdsSecret(value),
      written: true,
    },
  ];
}

/** What the files call a secret is one, whoever gave it its value. */
function sealTexts(value: Template): Template {
  return value.flatMap(
    (part, index): Template => (part.kind === 'text' ? sealLiteral(part.text, index === 0) : [part]),
  );
}

function holdsSecret(value: Template): boolean {
  return value.some(({ kind }) => kind !== 'text' && kind !== 'reference' && kind !== 'unsupported');
}
