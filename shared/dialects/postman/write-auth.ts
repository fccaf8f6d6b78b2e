import { prefixAsHeader } from '../../collection/bearer-prefix.ts';
import type { AuthTemplate } from '../../collection/model.ts';
import type { JsonObject } from '../../collection/narrow.ts';
import { type ParameterPlace, readParameterField } from '../../collection/oauth2-parameters.ts';
import type { WriteText } from './write-fields.ts';

/** The types of the 2.1.0 schema. */
const TYPES: ReadonlySet<string> = new Set([
  'apikey',
  'awsv4',
  'basic',
  'bearer',
  'digest',
  'edgegrid',
  'hawk',
  'oauth1',
  'oauth2',
  'ntlm',
]);

// The runtime takes any text for true.
const SWITCHES: ReadonlySet<string> = new Set([
  'addParamsToHeader',
  'addEmptyParamsToSign',
  'disableHeaderEncoding',
  'disableRetryRequest',
  'includeBodyHash',
  'includePayloadHash',
]);

/** undefined for a type that the schema has not. */
export function writeAuth(auth: AuthTemplate, text: WriteText): JsonObject | undefined {
  const { type, fields } = prefixAsHeader(auth);
  if (type === 'none') return { type: 'noauth' };
  if (!TYPES.has(type)) return undefined;
  const isListed = (key: string): boolean => type === 'oauth2' && readParameterField(key) !== undefined;
  const attributes = Object.entries(fields)
    .filter(([key]) => !isListed(key))
    .map(([key, template]) => {
      const value = text(template);
      return SWITCHES.has(key) && /^(?:true|false)$/.test(value)
        ? { key, value: value === 'true', type: 'boolean' }
        : { key, value, type: 'string' };
    });
  return { type, [type]: [...attributes, ...(type === 'oauth2' ? writeLists(fields, text) : [])] };
}

const SENT_AS: Readonly<Record<ParameterPlace, string>> = {
  body: 'request_body',
  header: 'request_header',
  query: 'request_url',
};

function writeLists(fields: AuthTemplate['fields'], text: WriteText): JsonObject[] {
  const lists = new Map<string, JsonObject[]>();
  for (const [field, template] of Object.entries(fields)) {
    const parameter = readParameterField(field);
    if (!parameter) continue;
    const entry = { key: parameter.name, value: text(template), enabled: true, send_as: SENT_AS[parameter.place] };
    lists.set(parameter.list, [...(lists.get(parameter.list) ?? []), entry]);
  }
  return [...lists].map(([key, value]) => ({ key, value, type: 'any' }));
}
