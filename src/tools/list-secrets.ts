import { shownName } from '../../shared/collection/shown-name.ts';
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { listSecrets } from '../../shared/contracts/list-secrets.ts';
import { ok } from '../../shared/failure/result.ts';
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
  const page = paginate(matching, { tool: 'list_secrets', filter: { query }, limit, cursor }, cursors, shownHandle);
  if (!page.ok) return page;
  const { items, ...more } = page.value;
  return ok({ kind: 'answer', value: { content_note: CONTENT_NOTE, secrets: [...items], ...more } });
});

function shownHandle(info: HandleInfo) {
  const { id, name, label, methods, createdAt, rotatedAt, lastUsedAt, expiresAt, maxUses } = info;
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
    ...(lastUsedAt !== undefined && { last_used: isoTime(lastUsedAt) }),
    use_count: info.useCount,
    ...(maxUses !== undefined && { max_uses: maxUses }),
    ...(expiresAt !== undefined && { expires: isoTime(expiresAt) }),
  };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
