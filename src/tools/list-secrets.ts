import { shownName } from '../../shared/collection/shown-name.ts';
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { listSecrets } from '../../shared/contracts/list-secrets.ts';
import { ok } from '../../shared/failure/result.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import { placesOf } from '../../shared/secret/handle-policy.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import { paginate } from './paginate.ts';
import { tool } from './tool.ts';
import { asPresented, rankByWords } from './words.ts';

export const listSecretsTool = tool(listSecrets, ({ query, limit, cursor }, context) => {
  const { handles, captured, cursors, call } = context;
  const listed = handles.list();
  if (!listed.ok && listed.failure.code !== 'VAULT/ABSENT') return listed;
  // A captured token is named, never its id: only the name can be used.
  const kept = captured.list(call.principal.id).map((info) => ({ ...info, id: info.name }));
  const all = [...(listed.ok ? listed.value : []), ...kept];
  const matching = rankByWords(all, query, ({ name, label = '', origins }) => ({
    name: asPresented(name),
    tags: asPresented(shownName(label)),
    url: origins.map(asPresented).join(' '),
  }));
  const shown = (info: HandleInfo) => ({ ...shownHandle(info), ...shownUse(info, call.principal) });
  const page = paginate(matching, { tool: 'list_secrets', filter: { query }, limit, cursor }, cursors, shown);
  if (!page.ok) return page;
  const { items, ...more } = page.value;
  return ok({ kind: 'answer', value: { content_note: CONTENT_NOTE, secrets: [...items], ...more } });
});

function shownHandle(info: HandleInfo) {
  const { id, name, label, methods, createdAt, rotatedAt, expiresAt, maxUses } = info;
  return {
    id,
    name,
    tier: info.tier ?? 'reading',
    ...(label !== undefined && { label: shownName(label) }),
    origins: [...info.origins],
    places: [...placesOf(info)],
    ...(methods && { methods: [...methods] }),
    source: info.source ?? 'value',
    created: isoTime(createdAt),
    ...(rotatedAt !== undefined && { rotated: isoTime(rotatedAt) }),
    ...(maxUses !== undefined && { max_uses: maxUses }),
    ...(expiresAt !== undefined && { expires: isoTime(expiresAt) }),
  };
}

/** Over HTTP callers know nothing of each other, and all of them use a secret of the vault. */
function shownUse({ lastUsedAt, useCount }: HandleInfo, { kind }: Pick<Principal, 'kind'>) {
  if (kind === 'http') return {};
  return { ...(lastUsedAt !== undefined && { last_used: isoTime(lastUsedAt) }), use_count: useCount };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
