// A backup's inside: what vault it is of, then each secret's policy as JSON and its value as bytes, each behind its length in
// four bytes. Values are never strings on the way, so that they can be wiped.
import { parseOrigins } from '../../shared/secret/binding.ts';
import { parseHandleLabel, parseHandleName } from '../../shared/secret/handle-name.ts';
import { secretPlaces, secretSources } from '../../shared/secret/secret-ref.ts';
import type { RecordPolicy } from './record.ts';

export interface BackupOrigin {
  readonly vaultId: string;
  /** How many changes the vault had seen. */
  readonly generation: number;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
}

export interface BackupSecret {
  readonly policy: RecordPolicy;
  readonly version: number;
  readonly value: Buffer;
}

export interface BackupContents {
  readonly origin: BackupOrigin;
  readonly secrets: readonly BackupSecret[];
}

/** Bytes for the caller to wipe; the values stay as they are. */
export function writeContents({ origin, secrets }: BackupContents): Buffer {
  const first = Buffer.from(JSON.stringify({ ...origin, secrets: secrets.length }));
  const chunks = [
    first,
    ...secrets.flatMap(({ policy, version, value }) => [Buffer.from(JSON.stringify({ ...policy, version })), value]),
  ];
  const bytes = Buffer.alloc(chunks.reduce((total, chunk) => total + 4 + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    at = bytes.writeUInt32BE(chunk.length, at);
    at += chunk.copy(bytes, at);
  }
  return bytes;
}

/** Checks every field; undefined where anything is not as this version writes it. The values are parts of the bytes given. */
export function readContents(bytes: Buffer): BackupContents | undefined {
  const chunks = readChunks(bytes);
  const head = chunks?.[0] && parseFields<Head>(chunks[0], HEAD_FIELDS);
  if (!chunks || !head || chunks.length !== 1 + 2 * head.secrets) return undefined;
  const secrets: BackupSecret[] = [];
  for (let at = 1; at < chunks.length; at += 2) {
    const secret = parseSecret(chunks[at], chunks[at + 1]);
    if (!secret) return undefined;
    secrets.push(secret);
  }
  const { vaultId, generation, madeAt } = head;
  return areDistinct(secrets) ? { origin: { vaultId, generation, madeAt }, secrets } : undefined;
}

function readChunks(bytes: Buffer): readonly Buffer[] | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < 4) return undefined;
    const start = at + 4;
    at = start + bytes.readUInt32BE(at);
    if (at > bytes.length) return undefined;
    chunks.push(bytes.subarray(start, at));
  }
  return chunks;
}

type Head = BackupOrigin & { readonly secrets: number };
type Policy = RecordPolicy & { readonly version: number };
type Check = (value: unknown) => boolean;

/** An object whose fields all pass their check, and which has no other. */
function parseFields<T>(text: Buffer, checks: Readonly<Record<keyof T & string, Check>>): T | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(found));
  const known = [...fields.keys()].every((name) => Object.hasOwn(checks, name));
  const fit = Object.entries<Check>(checks).every(([name, fits]) => fits(fields.get(name)));
  return known && fit ? (found as T) : undefined;
}

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isFlag: Check = (value) => typeof value === 'boolean';
const isOneOf =
  (known: readonly string[]): Check =>
  (value) =>
    known.some((each) => each === value);
const isListOf =
  (fits: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(fits);
const optional =
  (fits: Check): Check =>
  (value) =>
    value === undefined || fits(value);

const HEAD_FIELDS: Readonly<Record<keyof Head, Check>> = {
  vaultId: (value) => isText(value) && /^[0-9a-f]{32}$/.test(String(value)),
  generation: isCount,
  madeAt: isCount,
  secrets: isCount,
};

const POLICY_FIELDS: Readonly<Record<keyof Policy, Check>> = {
  id: (value) => isText(value) && /^sec_[0-9a-f]{32}$/.test(String(value)),
  name: (value) => typeof value === 'string' && parseHandleName(value).ok,
  label: optional((value) => typeof value === 'string' && parseHandleLabel(value).ok),
  origins: (value) => isListOf(isText)(value) && areOrigins(value as readonly string[]),
  pathAllowed: isFlag,
  createdAt: isCount,
  updatedAt: isCount,
  expiresAt: optional(isCount),
  tier: optional(isOneOf(['reading', 'writing'])),
  places: optional(isListOf(isOneOf(secretPlaces))),
  methods: optional(isListOf((value) => typeof value === 'string' && /^[A-Z][A-Z-]{0,31}$/.test(value))),
  maxUses: optional(isCount),
  source: optional(isOneOf(secretSources)),
  rotatedAt: optional(isCount),
  version: isCount,
};

function areOrigins(texts: readonly string[]): boolean {
  const parsed = parseOrigins(texts);
  return parsed.ok && parsed.value.length === texts.length && texts.every((text) => parsed.value.includes(text));
}

function parseSecret(text: Buffer | undefined, value: Buffer | undefined): BackupSecret | undefined {
  const fields = text && parseFields<Policy>(text, POLICY_FIELDS);
  if (!fields || !value || value.length === 0) return undefined;
  const { version, ...policy } = fields;
  return { policy, version, value };
}

function areDistinct(secrets: readonly BackupSecret[]): boolean {
  const ids = new Set(secrets.map(({ policy }) => policy.id));
  const names = new Set(secrets.map(({ policy }) => `${policy.tier ?? 'reading'} ${policy.name}`));
  return ids.size === secrets.length && names.size === secrets.length;
}
