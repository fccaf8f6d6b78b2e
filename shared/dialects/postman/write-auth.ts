import type { AuthTemplate } from '../../collection/model.ts';
import type { JsonObject } from '../../collection/narrow.ts';
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
export function writeAuth({ type, fields }: AuthTemplate, text: WriteText): JsonObject | undefined {
  if (type === 'none') return { type: 'noauth' };
  if (!TYPES.has(type)) return undefined;
  const attributes = Object.entries(fields).map(([key, template]) => {
    const value = text(template);
    return SWITCHES.has(key) && /^(?:true|false)$/.test(value)
      ? { key, value: value === 'true', type: 'boolean' }
      : { key, value, type: 'string' };
  });
  return { type, [type]: attributes };
}
