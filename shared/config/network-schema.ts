// The network of keyward.yaml. All of it needs the operator's trust.
import { z } from 'zod';
import { parseAllowEntry } from '../policy/address-allow.ts';
import { parseNoProxy } from '../policy/no-proxy.ts';
import { proxyProblem } from '../policy/proxy-address.ts';
import { parseOrigin } from '../secret/binding.ts';
import { handleReferenceName } from '../secret/handle-reference.ts';

const file = z.string().min(1).max(4_096);
const NOT_HERE = 'secrets do not stand in this file';
const isHandle = (text: string) => handleReferenceName(text) !== undefined;
const handle = z.string().refine(isHandle, `must be {{vault:NAME}}: ${NOT_HERE}`);

const originTls = z
  .strictObject({
    origin: z
      .string()
      .refine(isHttps, 'must be an origin with https, such as https://api.example.com')
      .describe('Scheme, host and port.'),
    ca: z.array(file).max(10).optional().describe('Files of certificate authorities for this origin (PEM).'),
    cert: file.optional().describe('File of the certificate that the service is shown, with its chain (PEM).'),
    key: z
      .string()
      .min(1)
      .max(4_096)
      .refine(isKey, `must be {{vault:NAME}} or a file: ${NOT_HERE}`)
      .optional()
      .describe('Its key: {{vault:NAME}}, or a file (PEM).'),
    pfx: file.optional().describe('File with certificate and key together (PKCS#12), in the place of cert and key.'),
    passphrase: handle.optional().describe('{{vault:NAME}} of what opens the key or the file of pfx.'),
    serverName: z
      .string()
      .refine(isServerName, 'must be the name of a host')
      .optional()
      .describe("Sent as server name and looked for in the certificate. Default: the origin's host."),
    verify: z.boolean().optional().describe('false: the certificate of the service is NOT checked. Default: true.'),
  })
  .superRefine(judgeClient)
  .describe('TLS with one origin.');

export const networkSchema = z
  .strictObject({
    allow: z
      .array(z.string().refine(isAllowEntry, 'must be an origin (http://localhost:3000) or a range (10.1.0.0/16)'))
      .max(1_000)
      .optional()
      .describe('Exceptions to the denied addresses, by origin or range. Cloud-metadata addresses stay denied.'),
    proxy: z
      .string()
      .max(2_048)
      .superRefine(judgeProxy)
      .optional()
      .describe(
        "An explicit proxy: http://, https:// or socks5://host:port. The environment's proxy variables are ignored.",
      ),
    proxyCredentials: z
      .strictObject({
        username: z
          .string()
          .min(1)
          .max(255)
          .refine(isUserName, 'must be {{vault:NAME}}, or a name without a colon and control characters')
          .describe('A text, or {{vault:NAME}}.'),
        password: handle.describe('{{vault:NAME}} of a secret bound to the proxy; to http://host:port for socks5.'),
      })
      .optional()
      .describe('Who the proxy is told is asking.'),
    noProxy: z
      .array(z.string().refine((text) => parseNoProxy(text) !== undefined, 'must be an origin, a host or *.domain'))
      .max(1_000)
      .optional()
      .describe('Origins, hosts and domains (*.example.com) that are reached without the proxy.'),
    tls: z
      .strictObject({
        ca: z
          .array(z.string().min(1))
          .max(100)
          .optional()
          .describe('Files of additional certificate authorities (PEM), relative to this file.'),
        origins: z
          .array(originTls)
          .max(100)
          .refine(areDistinct, 'has two of one origin')
          .optional()
          .describe('Client certificates, authorities and server names, origin by origin.'),
      })
      .optional(),
  })
  .describe('Where requests may go.');

export type NetworkConfig = z.infer<typeof networkSchema>;

function isAllowEntry(text: string): boolean {
  return parseAllowEntry(text) !== undefined;
}

function judgeProxy(text: string, context: z.RefinementCtx): void {
  const problem = proxyProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
}

function isHttps(text: string): boolean {
  return /^https:/i.test(text) && parseOrigin(text).ok;
}

/** One line that does not look like a key itself. */
function isKey(text: string): boolean {
  return text.startsWith('{{') ? isHandle(text) : !/[\p{Cc}]|-----BEGIN/u.test(text);
}

/** RFC 7617 section 2: a colon would end it. */
function isUserName(text: string): boolean {
  return text.startsWith('{{') ? isHandle(text) : !/[:\p{Cc}\p{Surrogate}]/u.test(text);
}

/** RFC 6066 section 3: a DNS name, and no address. */
function isServerName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(text) && !/^[\d.]+$/.test(text);
}

type ClientParts = Readonly<Partial<Record<'cert' | 'key' | 'pfx' | 'passphrase', string | undefined>>>;

function judgeClient({ cert, key, pfx, passphrase }: ClientParts, context: z.RefinementCtx): void {
  const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (pfx !== undefined && (cert !== undefined || key !== undefined))
    refuse('pfx', 'stands in the place of cert and key');
  else if (cert !== undefined && key === undefined) refuse('cert', 'needs a key');
  else if (key !== undefined && cert === undefined) refuse('key', 'needs a cert');
  else if (passphrase !== undefined && key === undefined && pfx === undefined) refuse('passphrase', 'needs key or pfx');
}

function areDistinct(entries: readonly { readonly origin: string }[]): boolean {
  return new Set(entries.map(({ origin }) => originOf(origin))).size === entries.length;
}

function originOf(text: string): string {
  const origin = parseOrigin(text);
  return origin.ok ? origin.value : text;
}
