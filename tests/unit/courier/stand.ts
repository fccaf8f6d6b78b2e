// Plans, secrets and the whole sealed half for its tests. The secret source is a stand-in that counts what is opened.
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import type { PlanFields } from '../../../shared/request/plan.ts';
import { originAllowed } from '../../../shared/secret/binding.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import { markPlan, type Plan } from '../../../shared/stages/stages.ts';
import type { Piece, Rendered } from '../../../shared/template/template.ts';
import type { TokenKeeper } from '../../../src/courier/show-trip.ts';
import type { SecretSource } from '../../../src/vault/resolve.ts';

export interface StandIn extends SecretSource {
  /** Ids in the order in which their values were asked for. */
  readonly opened: string[];
}

export interface StandInSecret extends Partial<HandleInfo> {
  readonly value: string;
  readonly origins: readonly string[];
  /** Key of the writing credential beside it. */
  readonly writing?: string;
}

export function secretSource(secrets: Readonly<Record<string, StandInSecret>>): StandIn {
  const opened: string[] = [];
  return {
    opened,
    describe(id, tier) {
      const named = secrets[id];
      const key = tier === 'writing' && named?.writing !== undefined ? named.writing : id;
      const found = secrets[key];
      if (!found) return err(failure('SECRET/NOT_FOUND', { name: id, nearest: 'none' }));
      if (tier === 'reading' && found.tier === 'writing') return err(failure('SECRET/WRITING_ONLY', { name: id }));
      const { value: _, writing: __, ...stated } = found;
      return ok({ id: key, name: key, pathAllowed: false, createdAt: 0, updatedAt: 0, useCount: 0, ...stated });
    },
    // Without the vault's own checks: the courier's must hold by themselves.
    resolve(id, { tier }) {
      const { writing } = secrets[id] ?? {};
      const key = tier === 'writing' && writing !== undefined ? writing : id;
      opened.push(key);
      return Promise.resolve(ok(secrets[key]?.value ?? ''));
    },
    boundTo: (origin, tier = 'reading') =>
      ok(
        Object.entries(secrets)
          .filter(([, each]) => originAllowed(each.origins, origin) && (each.tier ?? 'reading') === tier)
          .map(([id, { value }]) => ({ id, value })),
      ),
    revision: () => 1,
  };
}

/** What an answer gives out is kept by nobody, under one name. */
export const keepsNothing: TokenKeeper = {
  capture: ({ field }) => ({ id: `cap_${field}`, name: `captured:${field}_1` }),
  hold: () => ({ id: 'cap_held', name: 'a token' }),
  heldFor: () => [],
};

export const text = (value: string): Rendered => [{ kind: 'text', text: value }];
export const handle = (id: string): Piece => ({ kind: 'handle', id, name: id });

export interface PlanParts extends Partial<Omit<PlanFields, 'url'>> {
  readonly to: string;
  readonly path?: Rendered;
  readonly query?: PlanFields['url']['query'];
}

/** A plan to the origin and path of `to`, which the WHATWG parser reads. */
export function planTo({ to, path, query = [], ...fields }: PlanParts): Plan {
  const url = new URL(to);
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  return markPlan({
    requestId: 'r',
    requestName: 'Request',
    collectionId: 'c',
    collectionName: 'Collection',
    method: 'GET',
    url: {
      scheme,
      host: url.hostname,
      port: url.port,
      origin: url.origin,
      path: path ?? text(url.pathname),
      query,
    },
    headers: [],
    body: { kind: 'none' },
    auth: { type: 'none', fields: {} },
    settings: {},
    statedOrigin: url.origin,
    scopeSecrets: [],
    ...fields,
  });
}
