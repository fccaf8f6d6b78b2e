// The providers of keyward.yaml: where handles that point outward may take their values from. All of it needs the operator's trust.
import { z } from 'zod';
import { limits } from '../limits.ts';
import { parseOrigin } from '../secret/binding.ts';
import { handleReferenceName } from '../secret/handle-reference.ts';
import { isReadableVariable, PROVIDER_NAME } from '../secret/secret-reference.ts';

const SEGMENTS = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/;

const name = z
  .string()
  .refine((text) => PROVIDER_NAME.test(text), 'must have letters, digits, "_" and "-" only, at most 64')
  .describe('What references call it.');
const cacheSeconds = z
  .int()
  .min(0)
  .max(limits.maxProviderCacheSeconds)
  .optional()
  .describe(`How long a value is kept in memory; 0: not at all. Default: ${limits.providerCacheSeconds}.`);
const timeoutMs = z
  .int()
  .min(1)
  .max(limits.maxProviderTimeoutMs)
  .optional()
  .describe(`How long it may take, in milliseconds. Default: ${limits.providerTimeoutMs}.`);
const segments = z
  .string()
  .max(256)
  .refine((text) => SEGMENTS.test(text), 'must be a path such as secret or team/kv');
const handle = z
  .string()
  .refine(
    (text) => handleReferenceName(text) !== undefined,
    'must be {{vault:NAME}}: credentials do not stand in this file',
  );
const words = z.string().max(4_096).refine(isPrintable, 'must not have control characters');

const execProvider = z
  .strictObject({
    name,
    program: z
      .string()
      .max(4_096)
      .refine(isAbsolute, 'must be an absolute path')
      .describe('Absolute path of the program.'),
    arguments: z
      .array(words)
      .max(64)
      .optional()
      .describe('Its arguments, one by one; there is no shell. {name} stands for the reference.'),
    input: words.optional().describe('What it reads from standard input. {name} stands for the reference.'),
    field: z.string().min(1).max(256).optional().describe('The output is a JSON object; this member is the secret.'),
    firstLine: z.boolean().optional().describe('The secret is the first line of the output. Default: false.'),
    trim: z.boolean().optional().describe('Drop white space around the secret. Default: one line break at the end.'),
    environment: z
      .array(z.string().refine(isReadableVariable, 'must be the name of a variable, and none of Keyward itself'))
      .max(64)
      .optional()
      .describe('Variables of the environment to pass on beside PATH, HOME and LANG.'),
    timeoutMs,
    cacheSeconds,
  })
  .describe('A program that prints one secret.');

const vaultProvider = z
  .strictObject({
    name,
    address: z
      .string()
      .refine((text) => parseOrigin(text).ok, 'must be scheme, host and port, such as https://vault.example.com:8200')
      .describe('Scheme, host and port of HashiCorp Vault or OpenBao.'),
    namespace: segments.optional(),
    mount: segments.optional().describe('Where the key-value engine is mounted. Default: secret.'),
    kvVersion: z.literal(2).optional(),
    token: handle.optional().describe('{{vault:NAME}} of a token.'),
    approle: z
      .strictObject({
        roleId: z.string().min(1).max(256).refine(isPrintable, 'must not have control characters'),
        secretId: handle.describe('{{vault:NAME}} of the secret id.'),
        mount: segments.optional().describe('Where AppRole is mounted. Default: approle.'),
      })
      .optional()
      .describe('Log in with AppRole instead of a token.'),
    timeoutMs,
    cacheSeconds,
  })
  .refine(({ token, approle }) => (token === undefined) !== (approle === undefined), 'needs either token or approle')
  .describe('HashiCorp Vault or OpenBao.');

export const providersSchema = z
  .strictObject({
    exec: listOf(execProvider).describe('Programs that print a secret: exec:NAME/REFERENCE.'),
    vault: listOf(vaultProvider).describe('HashiCorp Vault or OpenBao, KV version 2: vault:NAME/PATH#FIELD.'),
  })
  .describe('Where secrets that point outward take their values from.');

export type ProvidersConfig = z.infer<typeof providersSchema>;

function listOf<T extends z.ZodType<{ readonly name: string }>>(item: T) {
  return z
    .array(item)
    .max(limits.providers)
    .refine((list) => new Set(list.map((each) => each.name)).size === list.length, 'has two of one name')
    .optional();
}

function isAbsolute(path: string): boolean {
  return isPrintable(path) && /^(?:\/|[A-Za-z]:[\\/])[^\0]*[^\\/]$/.test(path);
}

function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Surrogate}]/u.test(text);
}
