// The names in double braces that the clients compute themselves, given the meaning that they have here.
import { handlePart } from '../../collection/handle-part.ts';
import { mapReferences } from '../../template/lex.ts';
import type { Template, TemplatePart } from '../../template/template.ts';

/** Names that have one of Postman's meaning. */
const DYNAMIC: Readonly<Record<string, string>> = {
  $uuid: '$guid',
  '$random.uuid': '$guid',
  '$random.email': '$randomEmail',
  '$random.integer': '$randomInt',
  '$random.integer()': '$randomInt',
  '$datetime iso8601': '$isoTimestamp',
};

const OTHER_ANSWER = 'values of the answer to another request are not taken';
const TOKEN = 'tokens of an auth configuration of the HTTP Client are not fetched';
const COMPUTED = 'this value is computed by the client that the file was written for';

/** Puts the dialect's own names into the model's terms; any other name stays a variable. */
export function giveMeaning(template: Template): Template {
  return mapReferences(template, (written) => meaningOf(written.trim(), written));
}

function meaningOf(name: string, written: string): Template | undefined {
  if (/^[\w-]+\.(?:request|response)\./.test(name)) return [unsupported(written, OTHER_ANSWER)];
  if (name.startsWith('$')) return dynamicOf(name, written);
  // Prompts of one client; the caller gives them as variables, the secret ones come from the vault.
  if (name.startsWith(':')) return promptOf(name.slice(1));
  if (name.startsWith('%')) return [unsupported(written, COMPUTED)];
  return name === written || name === '' ? undefined : [referenceTo(name)];
}

const RANGE = /^\$(?:randomInt[ ]+|random\.integer\(\s*)(-?\d{1,15})(?:\s*,\s*|[ ]+)(-?\d{1,15})\s*\)?$/;
const ENVIRONMENT = /^\$(?:processEnv|dotenv)[ ]+([\w.-]+)$|^\$env\.([\w.-]+)$/;
const PLAIN = /^\$[A-Za-z]+$/;

function dynamicOf(name: string, written: string): Template | undefined {
  const environment = ENVIRONMENT.exec(name);
  if (environment) return [handlePart(environment[1] ?? environment[2] ?? '')];
  const range = RANGE.exec(name);
  if (range) return [referenceTo(`$randomInt ${range[1]} ${range[2]}`)];
  if (Object.hasOwn(DYNAMIC, name)) return [referenceTo(DYNAMIC[name] ?? name)];
  if (name.startsWith('$auth.')) return [unsupported(written, TOKEN)];
  if (!PLAIN.test(name) || name === '$localDatetime') return [unsupported(written, COMPUTED)];
  return name === written ? undefined : [referenceTo(name)];
}

function promptOf(name: string): Template {
  const secret = /^(.+)!secret$/.exec(name)?.[1];
  return secret === undefined ? [referenceTo(name)] : [handlePart(secret, { otherwise: [referenceTo(secret)] })];
}

function referenceTo(name: string): TemplatePart {
  return { kind: 'reference', name: [{ kind: 'text', text: name }] };
}

function unsupported(name: string, problem: string): TemplatePart {
  return { kind: 'unsupported', text: `{{${name}}}`, problem };
}
