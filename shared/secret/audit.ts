// What an operator should look at again, from what the vault tells about its handles and what collections refer to. No value is seen.
import { isSafeMethod } from '../policy/decide.ts';
import type { HandleInfo, SecretTier } from './secret-ref.ts';

export const findingKinds = [
  'expired',
  'expiring',
  'unused',
  'over-broad',
  'not-rotated',
  'too-short',
  'unreferred',
  'missing',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly name: string;
  readonly tier: SecretTier;
  /** Absent for a secret that there is not. */
  readonly id?: string;
  readonly what: string;
  /** A command of the operator. */
  readonly fix: string;
}

export interface AuditInput {
  readonly handles: readonly HandleInfo[];
  /** Ids of those whose value is too short to be found again in an answer. */
  readonly tooShort: ReadonlySet<string>;
  /** What the collections at hand refer to, absent where there are none: each any of some names, and whether they can do without. */
  readonly references?: readonly HandleReference[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface HandleReference {
  /** The first that the vault knows is taken. */
  readonly names: readonly string[];
  /** The files themselves have something else for it. */
  readonly optional: boolean;
}

const DAY_MS = 86_400_000;
/** The numbers that are judged by, in days and origins. */
export const auditRules = {
  unusedDays: 90,
  unusedNewDays: 1,
  expiringDays: 14,
  rotationDays: 180,
  origins: 5,
} as const;

/** Everything found, in the order of the handles and then of the kinds. */
export function auditHandles(input: AuditInput): readonly Finding[] {
  const known = new Set(input.handles.map(({ name }) => name));
  return [
    ...input.handles.flatMap((info) => handleFindings(info, input)),
    ...(input.references ? missing(input.references, known) : []),
  ];
}

function handleFindings(info: HandleInfo, { tooShort, references, now }: AuditInput): Finding[] {
  const { name, id, tier = 'reading' } = info;
  const ref = tier === 'writing' ? `${name} --writing` : name;
  const told = (kind: FindingKind, what: string | undefined, fix: string): Finding[] =>
    what === undefined ? [] : [{ kind, name, tier, id, what, fix: `keyward secrets ${fix.replace('NAME', ref)}` }];
  return [
    ...told('expired', expired(info, now), renewal(info)),
    ...told('expiring', expiring(info, now), renewal(info)),
    ...told('unused', unused(info, now), 'delete NAME'),
    ...tooBroad(info).flatMap(([what, fix]) => told('over-broad', what, fix)),
    ...told('not-rotated', notRotated(info, now), 'rotate NAME'),
    ...told('too-short', tooShort.has(id) ? 'too short to be found again in an answer' : undefined, 'rotate NAME'),
    ...told('unreferred', unreferred(name, references), 'delete NAME'),
  ];
}

/** A value that another place keeps gets no new one here. */
function renewal({ source = 'value' }: HandleInfo): string {
  return source === 'value' ? 'rotate NAME --expires 90d' : 'bind NAME --expires 90d';
}

function expired({ expiresAt }: HandleInfo, now: number): string | undefined {
  return expiresAt !== undefined && expiresAt <= now ? `expired on ${dayOf(expiresAt)}` : undefined;
}

function expiring({ expiresAt }: HandleInfo, now: number): string | undefined {
  if (expiresAt === undefined || expiresAt <= now) return undefined;
  return expiresAt <= now + auditRules.expiringDays * DAY_MS ? `expires on ${dayOf(expiresAt)}` : undefined;
}

/** A secret that was just stored has had no time to be used. */
function unused({ createdAt, lastUsedAt }: HandleInfo, now: number): string | undefined {
  if (lastUsedAt !== undefined) {
    return daysSince(lastUsedAt, now) >= auditRules.unusedDays ? `not used since ${dayOf(lastUsedAt)}` : undefined;
  }
  return daysSince(createdAt, now) >= auditRules.unusedNewDays ? 'never used' : undefined;
}

function tooBroad(info: HandleInfo): (readonly [what: string, fix: string])[] {
  const { origins, tier, methods, expiresAt, pathAllowed } = info;
  const writes = tier === 'writing';
  const plain = origins.find((origin) => origin.startsWith('http://') && !isLoopback(origin));
  const unusual = methods?.find((method) => !USUAL_METHODS.has(method));
  const rows = [
    [origins.length > auditRules.origins, `may go to ${origins.length} origins`, 'bind NAME --only-origin URL'],
    [plain !== undefined, `may go unencrypted to ${plain}`, 'bind NAME --only-origin URL'],
    [pathAllowed, 'may stand in the path, which servers write into their logs', 'bind NAME --only-place auth'],
    [writes && expiresAt === undefined, 'a writing credential that never expires', 'bind NAME --expires 90d'],
    [writes && !methods, 'a writing credential for every method, DELETE included', 'bind NAME --only-method POST'],
    [
      writes && methods?.every(isSafeMethod),
      'a writing credential for reading methods only',
      'bind NAME --only-method POST',
    ],
    [unusual !== undefined, `may go with the unusual method ${unusual}`, 'bind NAME --only-method GET'],
  ] as const;
  return rows.flatMap(([found, what, fix]) => (found ? [[what, fix] as const] : []));
}

const USUAL_METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'QUERY',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
]);

function isLoopback(origin: string): boolean {
  return /^http:\/\/(?:localhost|[^/:]+\.localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(origin);
}

/** What another place keeps is rotated there. */
function notRotated({ source = 'value', rotatedAt, createdAt }: HandleInfo, now: number): string | undefined {
  if (source !== 'value') return undefined;
  const since = rotatedAt ?? createdAt;
  return daysSince(since, now) > auditRules.rotationDays ? `its value is from ${dayOf(since)}` : undefined;
}

function unreferred(name: string, references: AuditInput['references']): string | undefined {
  if (!references || references.some(({ names }) => names.includes(name))) return undefined;
  return 'no collection here refers to it';
}

function missing(references: readonly HandleReference[], known: ReadonlySet<string>): Finding[] {
  const wanted = references.filter(({ names, optional }) => !optional && !names.some((name) => known.has(name)));
  const names = new Set(wanted.flatMap(({ names: [first] }) => (first === undefined ? [] : [first])));
  return [...names].sort().map((name) => ({
    kind: 'missing',
    name,
    tier: 'reading',
    what: 'a collection refers to it, and there is none',
    fix: `keyward secrets set ${name} --origin URL`,
  }));
}

function daysSince(at: number, now: number): number {
  return (now - at) / DAY_MS;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
