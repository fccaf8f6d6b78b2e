// URLs as scripts see them, and back: a script may give the address with a query in it, which is split as Postman does.
import type { UrlTemplate } from '../collection/model.ts';
import { readUrl } from '../dialects/postman/url.ts';
import { ok, type Result } from '../failure/result.ts';
import { plainTemplate } from '../template/lex.ts';
import { type Changes, formRules, queryRules, readFields, showFields, toFields, toScriptFields } from './field-text.ts';
import type { ScriptUrl } from './job.ts';
import type { LiveText } from './live-text.ts';
import { numberParts, readBack } from './read-back.ts';

/** A saved URL with the agent's query parameters. */
export function showUrl(url: UrlTemplate, changes: Changes, live: LiveText): ScriptUrl {
  return {
    address: live.show(url.address),
    query: showFields(url.query, changes, live, queryRules),
    ...(url.fragment && { fragment: live.show(url.fragment) }),
    pathVariables: toScriptFields(showFields(url.pathVariables, {}, live, formRules)),
  };
}

const NO_URL: UrlTemplate = { address: plainTemplate(''), query: [], pathVariables: [] };

/** Reads a URL; of the saved one stays what is as shown. Failures: SCRIPT/SECRET_TAKEN_APART, SCRIPT/OUTPUT_LIMIT. */
export function readScriptUrl(
  given: ScriptUrl,
  live: LiveText,
  saved: UrlTemplate = NO_URL,
  changes: Changes = {},
): Result<UrlTemplate> {
  const address = readAddress(given.address, live, saved);
  if (!address.ok) return address;
  const query = readFields(given.query, { fields: saved.query, changes }, live, queryRules);
  if (!query.ok) return query;
  const variables = readFields(given.pathVariables, { fields: saved.pathVariables, changes: {} }, live, PATH);
  if (!variables.ok) return variables;
  const fragment = given.fragment === undefined ? ok(undefined) : readBack(given.fragment, live, 'fragment of the URL');
  if (!fragment.ok) return fragment;
  const hash = address.value.fragment ?? fragment.value;
  return ok({
    address: address.value.address,
    query: [...address.value.query, ...query.value],
    ...(hash && { fragment: hash }),
    pathVariables: toFields(variables.value),
  });
}

const PATH = { ...formRules, what: 'path variable' };

type Address = Pick<UrlTemplate, 'address' | 'query' | 'fragment'>;

function readAddress(text: string, live: LiveText, saved: UrlTemplate): Result<Address> {
  if (text === live.show(saved.address)) return ok({ address: saved.address, query: [] });
  const read = readBack(text, live, 'URL');
  if (!read.ok) return read;
  const numbered = numberParts(read.value, live);
  if (!numbered.ok) return numbered;
  const { text: flat, restore } = numbered.value;
  const { address, query, fragment } = readUrl(flat);
  return ok({
    address: restore(address),
    query: query.map(({ name, value, enabled }) => ({
      name: name && restore(name),
      value: value && restore(value),
      enabled,
    })),
    ...(fragment && { fragment: restore(fragment) }),
  });
}
