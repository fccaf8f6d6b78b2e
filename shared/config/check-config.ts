import { type Checked, checkStrict } from './check-strict.ts';
import { configJsonSchema } from './json-schema.ts';
import { type Config, configSchema } from './schema.ts';

/** Checks what a keyward.yaml holds, as plain data; nothing at all is a valid configuration. */
export function checkConfig(value: unknown): Checked<Config> {
  return checkStrict(configSchema, configJsonSchema, value);
}
