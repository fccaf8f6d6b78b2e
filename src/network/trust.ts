// Whom this side believes over TLS, and as whom it shows itself. A context with a key in it is never shared between identities, and no
// session is ever resumed: a ticket would carry one identity into another connection.
import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { failure } from '../../shared/failure/failure.ts';
import { plainHost } from '../../shared/policy/address-allow.ts';
import type { NetworkPolicy } from '../../shared/policy/policy.ts';
import { originTls } from '../../shared/policy/transport.ts';
import type { ClientIdentity } from '../../shared/stages/stages.ts';
import { type ArchivedIdentity, openArchive } from './archive.ts';
import { NetworkError } from './network-failure.ts';

/** Contexts made for one identity, by origin. Whoever holds it holds keys. */
export type OwnContexts = Map<string, SecureContext>;

export interface TlsPeer {
  /** As the policy names it. */
  readonly origin: string;
  readonly host: string;
  readonly client?: ClientIdentity | undefined;
}

export interface Trust {
  /**
   * How TLS is spoken with a peer. The certificate is checked against the policy's server name or else the host. Throws a NetworkError
   * with CONFIG/INVALID where the client's certificate, key and passphrase do not fit.
   */
  optionsFor(peer: TlsPeer, own: OwnContexts): ConnectionOptions;
}

/** Trusts the certificate authorities of Node, those of the policy, and for an origin those stated for it. */
export function createTrust(policy: NetworkPolicy): Trust {
  // Parsing all authorities is slow, so each context without a key is made once.
  const shared = new Map<string, SecureContext>();
  return {
    optionsFor({ origin, host, client }, own) {
      const stated = originTls(policy, origin);
      const cas = stated?.ca ?? [];
      const make = (): SecureContext => createContext([...policy.ca, ...cas], client, origin);
      const secureContext = client ? kept(own, origin, make) : kept(shared, cas.length > 0 ? origin : '', make);
      const name = stated?.serverName ?? plainHost(host);
      return {
        host: name,
        // RFC 6066 section 3: an address is not a server name.
        ...(isIP(name) === 0 && { servername: name }),
        secureContext,
        rejectUnauthorized: stated?.verify !== false,
        ALPNProtocols: ['http/1.1'],
      };
    },
  };
}

function kept(contexts: Map<string, SecureContext>, key: string, make: () => SecureContext): SecureContext {
  const context = contexts.get(key) ?? make();
  contexts.set(key, context);
  return context;
}

function createContext(ca: readonly string[], client: ClientIdentity | undefined, origin: string): SecureContext {
  const trusted = ca.length > 0 ? { ca: [...rootCertificates, ...ca] } : {};
  if (!client) return createSecureContext(trusted);
  try {
    const { passphrase } = client;
    const opened = passphrase !== undefined && { passphrase };
    if (!('pfx' in client)) return createSecureContext({ ...trusted, cert: client.cert, key: client.key, ...opened });
    return createSecureContext({ ...trusted, ...shownFrom(Buffer.from(client.pfx, 'base64'), passphrase) });
  } catch (error) {
    const problem = `network.tls.origins: the client certificate for ${origin} cannot be used: ${reasonOf(error)}`;
    throw new NetworkError(failure('CONFIG/INVALID', { file: 'keyward.yaml', problem }));
  }
}

/** Authorities in an archive say who this side is. A context that is given one believes them of the other side as well. */
function shownFrom(pfx: Buffer, passphrase: string | undefined): ArchivedIdentity {
  // Judges the archive, its passphrase and its key; nothing is dialled with it.
  createSecureContext({ pfx, ...(passphrase !== undefined && { passphrase }) });
  const identity = openArchive(pfx, passphrase);
  if (!identity) throw new Error(UNREAD_ARCHIVE);
  return identity;
}

const UNREAD_ARCHIVE = 'unread archive';
const WRONG_PASSPHRASE = 'the passphrase is missing, or does not open its key';

const reasons: Readonly<Record<string, string>> = {
  ERR_OSSL_BAD_DECRYPT: WRONG_PASSPHRASE,
  ERR_MISSING_PASSPHRASE: WRONG_PASSPHRASE,
  'mac verify failure': WRONG_PASSPHRASE,
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: 'its key belongs to another certificate',
  [UNREAD_ARCHIVE]: 'the archive is of a form that is not read: use cert and key',
  ERR_CRYPTO_UNSUPPORTED_OPERATION: 'the archive is encrypted in a way that OpenSSL 3 does not read',
};

/** The words of the library are compared and never passed on. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it is not valid';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return reasons[code] ?? 'certificate or key are not valid';
}
