import type { AuthTemplate } from '../../collection/model.ts';
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { authFields, isLogin, NO_PREFIX } from './auth-fields.ts';
import { type Lose, writeTemplate } from './write-template.ts';

type Written = Record<string, unknown>;

/** The auth of a request or folder. A type that Insomnia does not have is written under its own name, where it fails. */
export function writeAuth({ type, fields }: AuthTemplate, lose: Lose): Written {
  if (type === 'none') return { type };
  const known = Object.entries(authFields).find(([, each]) => each.type === type);
  const isFilled = (name: string): boolean =>
    isLogin(name) ? Object.hasOwn(fields, name) : (fields[name] ?? []).length > 0;
  const text = (name: string): string => writeTemplate(fields[name] ?? [], lose);
  if (!known) {
    if (!OWN.has(type)) lose(`Insomnia has no auth of the type ${type}.`);
    return {
      type,
      ...Object.fromEntries(
        Object.keys(fields)
          .filter(isFilled)
          .map((name) => [name, text(name)]),
      ),
    };
  }
  const [own, { fields: names }] = known;
  const written = new Map<string, string>();
  for (const [theirs, ours] of Object.entries(names)) {
    if (isFilled(ours) && ![...written.values()].includes(ours)) written.set(theirs, ours);
  }
  const more = MORE[type] ?? NONE;
  const taken = new Set([...written.values(), ...more.takes]);
  for (const name of Object.keys(fields)) {
    if (!taken.has(name) && isFilled(name)) lose(`The field ${name} of the ${type} auth is left out.`);
  }
  return {
    type: own,
    ...Object.fromEntries([...written].map(([theirs, ours]) => [theirs, asWritten(theirs, text(ours))])),
    ...more.write(fields, text, lose),
  };
}

/** Types that only Insomnia has, or that have the same fields there. */
const OWN: ReadonlySet<string> = new Set(['netrc', 'singleToken']);

const SWITCHES: ReadonlySet<string> = new Set(['validatePayload', 'includeBodyHash']);

function asWritten(name: string, text: string): string | boolean {
  return SWITCHES.has(name) ? text === 'true' : text;
}

interface More {
  /** Our fields that are written in a way of their own. */
  readonly takes: readonly string[];
  write(fields: Readonly<Record<string, Template>>, text: (name: string) => string, lose: Lose): Written;
}

const NONE: More = { takes: [], write: () => ({}) };

const MORE: Readonly<Record<string, More>> = {
  basic: {
    takes: ['useISO88591'],
    write: (_, text) => (text('useISO88591') === 'true' ? { useISO88591: true } : {}),
  },
  bearer: {
    takes: ['prefix'],
    write: ({ prefix }, text) => (prefix ? { prefix: text('prefix').trim() || NO_PREFIX } : {}),
  },
  apikey: {
    takes: ['in'],
    write: (_, text) => ({ addTo: text('in') === 'query' ? 'queryParams' : text('in') || 'header' }),
  },
  oauth1: {
    takes: ['addParamsToHeader'],
    write(_, text, lose) {
      if (text('addParamsToHeader') !== 'true') lose('Insomnia sends the parameters of OAuth 1 in the header.');
      return {};
    },
  },
  oauth2: {
    takes: ['grant_type', 'client_authentication', 'headerPrefix'],
    write(fields, text) {
      const grant = templateText(fields.grant_type ?? []);
      const prefix = text('headerPrefix').trim();
      return {
        grantType: GRANTS[grant] ?? (grant || 'authorization_code'),
        ...(grant === 'authorization_code_with_pkce' && { usePkce: true }),
        credentialsInBody: text('client_authentication') === 'body',
        ...(fields.headerPrefix && { tokenPrefix: prefix === '' ? NO_PREFIX : prefix }),
      };
    },
  },
};

const GRANTS: Readonly<Record<string, string>> = {
  password_credentials: 'password',
  authorization_code_with_pkce: 'authorization_code',
};
