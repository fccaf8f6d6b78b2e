// Texts of a .bru file as templates: literals sealed where they are secrets, Bruno's special names given their meaning.
import { handlePart } from '../../collection/handle-part.ts';
import { sealBody, sealField, sealHeader, sealPlain, sealText, sealVariable } from '../../collection/seal-literals.ts';
import { lexTemplate, mapReferences } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';

/** How the texts of one collection become templates. */
export interface Values {
  plain(text: string): Template;
  /** A value under a name that says nothing. */
  value(text: string): Template;
  secret(text: string): Template;
  variable(text: string): Template;
  field(name: string, text: string): Template;
  header(name: string, text: string): Template;
  body(text: string): Template;
  /** Bruno's names in a template that was lexed elsewhere. */
  bind(template: Template): Template;
}

/** `dotEnv` are the values of the `.env` file beside bruno.json. */
export function createValues(dotEnv: ReadonlyMap<string, string>): Values {
  const bind = (template: Template): Template =>
    template.some(({ kind }) => kind === 'reference')
      ? mapReferences(template, (name) => meaningOf(name, dotEnv))
      : template;
  const bindIn = (text: string, template: Template): Template =>
    text.includes('{{') && OWN_NAME.test(text) ? bind(template) : template;
  return {
    plain: (text) => bindIn(text, lexTemplate(text)),
    value: (text) => bindIn(text, sealPlain(text)),
    secret: (text) => bindIn(text, sealText(text)),
    variable: (text) => bindIn(text, sealVariable(text, 'named')),
    field: (name, text) => bindIn(text, sealField(name, text)),
    header: (name, text) => bindIn(text, sealHeader(name, text)),
    body: (text) => bindIn(text, sealBody(text)),
    bind,
  };
}

// A body can have hundreds of thousands of references; most have none of these.
const OWN_NAME = /process\.env|\$secrets|\$oauth2|\$randomNanoId/;

const PROCESS_ENV = /^process\.env(?:\.(.+)|\[(["'])([^"']+)\2\])$/;
const EXTERNAL = '$secrets.';

function meaningOf(name: string, dotEnv: ReadonlyMap<string, string>): Template | undefined {
  const wanted = name.trim();
  const [, dotted, , quoted] = PROCESS_ENV.exec(wanted) ?? [];
  const variable = dotted ?? quoted;
  if (variable !== undefined) {
    const value = dotEnv.get(variable);
    return [handlePart(variable, value === undefined ? {} : { otherwise: sealVariable(value, 'named') })];
  }
  if (wanted.startsWith(EXTERNAL)) return [handlePart(wanted.slice(EXTERNAL.length))];
  const problem = notComputed(wanted);
  return problem === undefined ? undefined : [{ kind: 'unsupported', text: `{{${name}}}`, problem }];
}

function notComputed(name: string): string | undefined {
  if (name.startsWith('$oauth2.')) return 'a token that Bruno fetched is not read by its name';
  return name === '$randomNanoId' ? 'nano ids are not made' : undefined;
}
