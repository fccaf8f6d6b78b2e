// The files that network.tls names: certificates as text, keys sealed.
import { dirname, resolve } from 'node:path';
import type { NetworkConfig } from '../../shared/config/network-schema.ts';
import type { TransportFiles } from '../../shared/config/stated-network.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { ClientCertificate, OriginTls, StatedKey } from '../../shared/policy/transport.ts';
import { parseOrigin } from '../../shared/secret/binding.ts';
import { handleReferenceName } from '../../shared/secret/handle-reference.ts';
import { seal } from '../../shared/secret/seal.ts';
import { readSmallFile } from './read-small-file.ts';

type OriginConfig = NonNullable<NonNullable<NetworkConfig['tls']>['origins']>[number];

export interface ReadCertificates extends TransportFiles {
  /** The bytes of every file, in the order in which the configuration names them. */
  readonly bytes: readonly Buffer[];
}

/** Whether the configuration names any file to read. */
export function namesCertificates(network: NetworkConfig | undefined): boolean {
  return filesOf(network).length > 0;
}

/** Reads every file that `configFile` names. Fails with CONFIG/UNREADABLE or CONFIG/INVALID, naming the file. */
export function readCertificates(
  network: NetworkConfig | undefined,
  configFile: string,
  isForbidden: (path: string) => boolean,
): Result<ReadCertificates> {
  const read = new Map<string, Buffer>();
  const bytes: Buffer[] = [];
  for (const { name, kind } of filesOf(network)) {
    const found = readKind(resolve(dirname(configFile), name), kind, isForbidden);
    if (!found.ok) return found;
    read.set(name, found.value);
    bytes.push(found.value);
  }
  const contentOf = (name: string): Buffer => read.get(name) ?? Buffer.alloc(0);
  const { ca = [], origins = [] } = network?.tls ?? {};
  const textOf = (name: string): string => contentOf(name).toString();
  return ok({ bytes, ca: ca.map(textOf), tls: origins.map((origin) => originTls(origin, contentOf)) });
}

type FileKind = 'certificate' | 'key' | 'archive';

interface NamedFile {
  readonly name: string;
  readonly kind: FileKind;
}

function filesOf(network: NetworkConfig | undefined): NamedFile[] {
  const { ca = [], origins = [] } = network?.tls ?? {};
  const certificate = (name: string): NamedFile => ({ name, kind: 'certificate' });
  return [
    ...ca.map(certificate),
    ...origins.flatMap(({ ca: own = [], cert, key, pfx }) => [
      ...own.map(certificate),
      ...(cert === undefined ? [] : [certificate(cert)]),
      ...(key === undefined || handleReferenceName(key) !== undefined ? [] : [{ name: key, kind: 'key' as const }]),
      ...(pfx === undefined ? [] : [{ name: pfx, kind: 'archive' as const }]),
    ]),
  ];
}

/** An archive is a SEQUENCE in BER (RFC 7292 section 4). */
const BER_SEQUENCE = 0x30;

const kinds: Readonly<Record<FileKind, { readonly fits: (bytes: Buffer) => boolean; readonly problem: string }>> = {
  certificate: {
    fits: (bytes) => bytes.includes('-----BEGIN CERTIFICATE-----'),
    problem: 'it holds no certificate in PEM form',
  },
  key: { fits: (bytes) => bytes.includes('PRIVATE KEY-----'), problem: 'it holds no private key in PEM form' },
  archive: { fits: (bytes) => bytes[0] === BER_SEQUENCE, problem: 'it is no PKCS#12 archive' },
};

function readKind(path: string, kind: FileKind, isForbidden: (path: string) => boolean): Result<Buffer> {
  const invalid = (problem: string): Result<never> =>
    err(failure('CONFIG/INVALID', { file: path, problem }, { file: path }));
  if (isForbidden(path)) return invalid('it lies in the data folder');
  const bytes = readSmallFile(path, limits.certificateFileBytes);
  if (bytes === undefined || bytes === 'absent')
    return err(failure('CONFIG/UNREADABLE', { file: path }, { file: path }));
  return kinds[kind].fits(bytes) ? ok(bytes) : invalid(kinds[kind].problem);
}

type ContentOf = (name: string) => Buffer;

function originTls(config: OriginConfig, contentOf: ContentOf): OriginTls {
  const { ca = [], serverName, verify } = config;
  const origin = parseOrigin(config.origin);
  const client = clientOf(config, contentOf);
  return {
    origin: origin.ok ? origin.value : config.origin,
    ca: ca.map((name) => contentOf(name).toString()),
    ...(serverName !== undefined && { serverName }),
    ...(verify === false && { verify }),
    ...(client && { client }),
  };
}

function clientOf({ cert, key, pfx, passphrase }: OriginConfig, contentOf: ContentOf): ClientCertificate | undefined {
  const handle = handleReferenceName(passphrase ?? '');
  const opened = handle === undefined ? {} : { passphrase: handle };
  if (pfx !== undefined) return { pfx: seal(contentOf(pfx).toString('base64')), ...opened };
  if (cert === undefined || key === undefined) return undefined;
  return { cert: certificatesIn(contentOf(cert).toString()), key: statedKey(key, contentOf), ...opened };
}

function statedKey(key: string, contentOf: ContentOf): StatedKey {
  const handle = handleReferenceName(key);
  return handle === undefined ? { sealed: seal(contentOf(key).toString()) } : { handle };
}

/** A key often stands in the same file, and must not be taken for something to show. */
function certificatesIn(pem: string): string {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => `${block}\n`).join('');
}
