// Takes the key and its certificates out of a PKCS#12 archive (RFC 7292). The TLS library is never given an archive for a connection: it
// would believe every authority in it.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { decrypt, nameOf } from './archive-cipher.ts';
import { type BerNode, nodeAt, octetsOf, readNodes } from './ber.ts';

export interface ArchivedIdentity {
  /** PEM: the certificate of the key, then the others of the archive, which are shown with it. */
  readonly cert: string;
  /** PEM, not encrypted. */
  readonly key: string;
}

/** Undefined where it holds no key with its certificate, or in a form that is not read. Whether its bytes are whole is not checked. */
export function openArchive(archive: Buffer, passphrase = ''): ArchivedIdentity | undefined {
  const [file] = readNodes(archive);
  if (!file) return undefined;
  const bags = readNodes(contentOf(nodeAt(file, 1), passphrase)).flatMap((safe) =>
    readNodes(safe.content).flatMap((part) => bagsIn(contentOf(part, passphrase), passphrase)),
  );
  try {
    return identityIn(bags);
  } catch {
    return undefined;
  }
}

function identityIn(bags: readonly Bag[]): ArchivedIdentity | undefined {
  const certificates = bags.flatMap(({ kind, der }) => (kind === 'certificate' ? [new X509Certificate(der)] : []));
  for (const { kind, der } of bags) {
    if (kind !== 'key') continue;
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
    if (!own) continue;
    const shown = [own, ...certificates.filter((certificate) => certificate !== own)];
    return { cert: shown.map(String).join(''), key: String(key.export({ format: 'pem', type: 'pkcs8' })) };
  }
  return undefined;
}

interface Bag {
  readonly kind: 'key' | 'certificate';
  readonly der: Buffer;
}

const DATA = '2a864886f70d010701';
const ENCRYPTED_DATA = '2a864886f70d010706';
const BAG = '2a864886f70d010c0a01';
const X509 = '2a864886f70d01091601';

/** What a ContentInfo holds; nothing where it cannot be opened. */
function contentOf(info: BerNode, passphrase: string): Buffer {
  const kind = nameOf(nodeAt(info, 0));
  if (kind === DATA) return octetsOf(nodeAt(info, 1, 0));
  const encrypted = nodeAt(info, 1, 0, 1);
  const opened =
    kind === ENCRYPTED_DATA ? decrypt(nodeAt(encrypted, 1), octetsOf(nodeAt(encrypted, 2)), passphrase) : undefined;
  return opened ?? Buffer.alloc(0);
}

function bagsIn(contents: Buffer, passphrase: string): Bag[] {
  return readNodes(contents).flatMap((list) => readNodes(list.content).flatMap((bag) => openBag(bag, passphrase)));
}

function openBag(bag: BerNode, passphrase: string): Bag[] {
  const value = nodeAt(bag, 1, 0);
  switch (nameOf(nodeAt(bag, 0))) {
    case `${BAG}01`:
      return [{ kind: 'key', der: value.whole }];
    case `${BAG}02`: {
      const der = decrypt(nodeAt(value, 0), octetsOf(nodeAt(value, 1)), passphrase);
      return der ? [{ kind: 'key', der }] : [];
    }
    case `${BAG}03`:
      return nameOf(nodeAt(value, 0)) === X509 ? [{ kind: 'certificate', der: octetsOf(nodeAt(value, 1, 0)) }] : [];
    case `${BAG}06`:
      return bagsIn(value.whole, passphrase);
    default:
      return [];
  }
}
