import { handlePart } from '../../collection/handle-part.ts';
import { sealBody, sealField, sealHeader, sealPlain, sealText, sealVariable } from '../../collection/seal-literals.ts';
import { lexTemplate, mapReferences } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';

/** Turns texts of a collection into templates: secrets sealed, and the names that Bruno gives a meaning of their own mapped. */
export interface Sealer {
  plain(text: string): Template;
  /** A value under a name that says nothing. */
  value(text: string): Template;
  /** All of it is a secret. */
  secret(text: string): Template;
  field(name: string, value: string): Template;
  header(name: string, value: string): Template;
  body(text: string): Template;
  variable(text: string, why: 'marked' | 'named'): Template;
  /** A template that was lexed elsewhere. */
  mapped(template: Template): Template;
}

/** `processEnv` gives what the files have for a name of `process.env`. */
export function createSealer(processEnv: (name: string) => Template | undefined): Sealer {
  const mapped = (template: Template): Template => mapReferences(template, (name) => meaningOf(name, processEnv));
  return {
    mapped,
    plain: (text) => mapped(lexTemplate(text)),
    value: (text) => mapped(sealPlain(text)),
    secret: (text) => mapped(sealText(text)),
    field: (name, value) => mapped(sealField(name, value)),
    header: (name, value) => mapped(sealHeader(name, value)),
    body: (text) => mapped(sealBody(text)),
    variable: (text, why) => mapped(sealVariable(text, why)),
  };
}

const PROCESS_ENV = /^process\.env(?:\.(.+)|\[(["'])([^"']+)\2\])$/;
/** How Bruno refers to what an external provider keeps. */
const SECRETS = '$secrets.';
const TOKEN = '$oauth2.';
const TOKEN_PROBLEM = 'a token that Bruno fetched is not read by its name';

/** Bruno's own names; undefined for a variable's. */
function meaningOf(name: string, processEnv: (name: string) => Template | undefined): Template | undefined {
  const [, dotted, , quoted] = PROCESS_ENV.exec(name) ?? [];
  const variable = dotted ?? quoted;
  if (variable !== undefined) {
    const otherwise = processEnv(variable);
    return [handlePart(variable, otherwise === undefined ? {} : { otherwise })];
  }
  if (name.startsWith(SECRETS)) return [handlePart(name.slice(SECRETS.length))];
  return name.startsWith(TOKEN) ? [{ kind: 'unsupported', text: `{{${name}}}`, problem: TOKEN_PROBLEM }] : undefined;
}

/** The name under which an environment's own `.env` file gives a variable to the requests. */
export function processEnvName(name: string): string {
  return `process.env.${name}`;
}
