// http.yaml: what the operator sets for serving over HTTP. Strict, so that a misspelt key never passes for a setting.
import { z } from 'zod';
import { parseScopes } from '../access/reach.ts';
import { httpDefaults, httpMost } from '../http-limits.ts';
import {
  isIssuer,
  isProxyRange,
  isPublicUrl,
  isSafeOrigin,
  isSafeUrl,
  isWebOrigin,
  parseHost,
  parseListen,
  parseListenAddress,
} from './http-address.ts';

/** Signatures with a public key (RFC 7518 section 3.1, RFC 8037, RFC 9864): with a shared secret, who checks could also issue. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as const;

const text = z.string().min(1).max(httpMost.textChars);
const printable = text.refine((value) => !/[\p{Cc}\p{Surrogate}]/u.test(value), 'must not have control characters');
const listOf = <T extends z.ZodType>(item: T) => z.array(item).max(httpMost.entries);
const port = z.int().min(0).max(65_535);
const count = (most: number) => z.int().min(1).max(most).optional();
const url = text.refine(isSafeUrl, 'must be a URL with https (http on loopback only)');
const audience = printable.refine((value) => !/\s/.test(value), 'must not have white space');
const scopes = z
  .array(z.string().refine((scope) => parseScopes([scope]).ok, 'must be a scope, such as read or collection:NAME'))
  .max(httpMost.entries)
  .refine((list) => list.length > 0, 'must have a scope; leave it out to grant nothing');

/** One by one, so that what the environment says is judged in the same way. */
export const httpFields = {
  listen: z
    .union([port, text.refine((value) => parseListen(value) !== undefined, 'must be [HOST:]PORT or unix:/PATH')])
    .describe(`[HOST:]PORT or unix:/PATH. Default: 127.0.0.1:${httpDefaults.port}.`),
  monitor: z
    .union([port, text.refine((value) => parseListenAddress(value) !== undefined, 'must be [HOST:]PORT')])
    .describe('[HOST:]PORT of /healthz, /readyz and /metrics. Default: they are not served.'),
  hosts: listOf(
    text.refine((value) => parseHost(value) !== undefined, 'must be a name or an IP address, without a port'),
  ).describe('Names and addresses that clients may call this server by, in addition to the host of publicUrl.'),
  publicUrl: text
    .refine(isPublicUrl, 'must be an https URL with the path /mcp, such as https://keyward.example.com/mcp')
    .describe('How clients call the endpoint: the audience of tokens.'),
  trustedProxies: listOf(
    text.refine(
      (value) => value === 'unix' || isProxyRange(value),
      'must be an address or a range (10.1.0.0/16), and not all addresses; or unix',
    ),
  ).describe(
    'Addresses and ranges of proxies whose forwarded header counts; unix where one reaches this server by the socket that it listens on. Default: none.',
  ),
} as const;

const tls = z
  .strictObject({
    cert: text.describe('File of the certificate with its chain (PEM).'),
    key: text.optional().describe('File of its key (PEM), which only this user can read.'),
    keyFd: z.int().min(3).max(99_999).optional().describe('File descriptor that the key is read from, instead.'),
  })
  .refine(({ key, keyFd }) => (key === undefined) !== (keyFd === undefined), 'needs either key or keyFd')
  .describe('TLS of this server. Files are relative to this one.');

const issuer = z
  .strictObject({
    issuer: text
      .refine(isIssuer, 'must be a URL with https (http on loopback only), without a query')
      .describe('Exactly as in the claim iss.'),
    audience: listOf(audience)
      .refine((list) => list.length > 0, 'must have an audience')
      .optional()
      .describe('One of these must be in the claim aud. Default: publicUrl.'),
    algorithms: z
      .array(z.enum(ALGORITHMS))
      .min(1)
      .max(ALGORITHMS.length)
      .optional()
      .describe('Signatures that count. Default: RS256, PS256, ES256, ES384, EdDSA, Ed25519.'),
    jwksUri: url.optional().describe('Where the keys are. Default: as the metadata of the issuer say.'),
    scopeClaim: printable.max(256).optional().describe('Path of the claim with the scopes. Default: scope.'),
    scopePrefix: z
      .string()
      .max(256)
      .refine((value) => /^[\x21\x23-\x5b\x5d-\x7e]*$/.test(value), 'must have characters of scopes only')
      .optional()
      .describe('What stands before each scope of Keyward. Default: nothing.'),
    granted: scopes.optional().describe('What a token without that claim may do. Default: nothing.'),
    most: scopes.optional().describe('What no token of this issuer goes beyond.'),
  })
  .describe('An OAuth authorization server whose access tokens are taken.');

const rate = z.strictObject({
  perMinute: count(httpMost.perMinute).describe('Calls a minute.'),
  concurrent: count(httpMost.concurrent).describe('Calls at once.'),
  bytesPerMinute: count(httpMost.bytesPerMinute).describe('Bytes of messages in and answers out a minute.'),
});

const limits = z
  .strictObject({
    bodyBytes: count(httpMost.bodyBytes).describe(`Of one message. Default: ${httpDefaults.bodyBytes}.`),
    perKey: rate.optional().describe('Of one API key.'),
    perCaller: rate.optional().describe('Of one caller, with all its keys.'),
    global: rate.optional().describe('Of all callers.'),
    perOrigin: z
      .strictObject({ perMinute: count(httpMost.perMinute) })
      .optional()
      .describe(`Requests to one origin, of all callers. Default: ${httpDefaults.perOrigin.perMinute} a minute.`),
    connections: count(httpMost.connections).describe(`Open at once. Default: ${httpDefaults.connections}.`),
    connectionsPerAddress: count(httpMost.connections).describe(
      `Open at once of one address (IPv6: of one /64), not of trustedProxies, on which no caller was found yet; the oldest gives way. Default: ${httpDefaults.connectionsPerAddress}.`,
    ),
    drainMs: z
      .int()
      .min(0)
      .max(httpMost.drainMs)
      .optional()
      .describe(`How long calls under way may take at the end. Default: ${httpDefaults.drainMs}.`),
  })
  .describe('How much may be called.');

const cloudflareAccess = z
  .strictObject({
    team: text
      .refine(isSafeOrigin, 'must be the domain of the team, such as https://team.cloudflareaccess.com')
      .describe('https://TEAM.cloudflareaccess.com'),
    audience: audience.describe('The AUD tag of the application.'),
    granted: scopes.describe('What its callers may do.'),
  })
  .describe('Cloudflare Access in front of this server, whose assertions are verified.');

const claims = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/), printable.max(256))
  .refine((map) => Object.keys(map).length <= httpMost.claims, `must have at most ${httpMost.claims} claims`)
  .describe('Variables that take their value from a claim of the caller: name of the variable, path of the claim.');

export const httpSchema = z
  .strictObject({
    version: z.literal(1).optional().describe('Version of this format.'),
    listen: httpFields.listen.optional(),
    monitor: httpFields.monitor.optional(),
    hosts: httpFields.hosts.optional(),
    origins: listOf(text.refine(isWebOrigin, 'must be an origin, such as https://app.example.com'))
      .optional()
      .describe('Origins of web pages that may call. Default: none.'),
    publicUrl: httpFields.publicUrl.optional(),
    tls: tls.optional(),
    trustedProxies: httpFields.trustedProxies.optional(),
    forwardedBy: z
      .enum(['x-forwarded-for', 'forwarded'])
      .optional()
      .describe(
        'The header in which these proxies name the client; the other one is ignored. Default: x-forwarded-for.',
      ),
    oauth: z.array(issuer).max(httpMost.issuers).refine(areDistinct, 'has two of one issuer').optional(),
    cloudflareAccess: cloudflareAccess.optional(),
    claims: claims.optional(),
    limits: limits.optional(),
    approvals: z
      .strictObject({
        by: z
          .enum(['client', 'operator'])
          .optional()
          .describe(
            'Who is asked: the person at a client that can show a form, or the operator always: whoever holds a key may answer for that person. Default: client.',
          ),
        waitMs: z
          .int()
          .min(0)
          .max(httpMost.approvalWaitMs)
          .optional()
          .describe(
            `How long a call waits for the operator where its client cannot ask a person; 0: not at all. Default: ${httpDefaults.approvalWaitMs}.`,
          ),
      })
      .optional(),
    journal: z
      .strictObject({
        keepDays: count(httpMost.keepDays).describe('Entries that are older are removed. Default: none are.'),
        checkpointMinutes: z
          .int()
          .min(0)
          .max(httpMost.checkpointMinutes)
          .optional()
          .describe(`How often a signed checkpoint is written; 0: never. Default: ${httpDefaults.checkpointMinutes}.`),
      })
      .optional(),
  })
  .describe('How Keyward serves over HTTP. It lies in the data folder, out of reach of agents.');

export type HttpConfig = z.infer<typeof httpSchema>;

function areDistinct(list: readonly { readonly issuer: string }[]): boolean {
  return new Set(list.map((each) => each.issuer)).size === list.length;
}
