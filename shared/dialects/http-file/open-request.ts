import type { BodyTemplate, Field, RequestSettings, RequestTemplate } from '../../collection/model.ts';
import { mapRequest } from '../../export/map-request.ts';
import { methodsWithoutBody } from '../../request/plan-body.ts';
import { templateText } from '../../template/lex.ts';
import { readUrl } from '../postman/url.ts';
import type { Block } from './blocks.ts';
import { giveMeaning } from './meaning.ts';
import { bodyText, readBody } from './read-body.ts';
import { type Head, readHead } from './read-head.ts';
import { readHeaderLines, readHeaders } from './read-headers.ts';
import { readHandlers, toScripts } from './scripts.ts';

/** Builds the whole request of a block; called each time it is wanted, so nothing of it stays in memory. */
export function openRequest(text: string, block: Block): RequestTemplate {
  const head = readHead(text, block);
  const { method: stated = 'GET', url = '', headers: start = block.end } = head.request ?? {};
  const lines = readHeaderLines(text, start, block.end);
  const content = bodyText(text, lines.next, block.end);
  const header = (wanted: string) => lines.pairs.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
  const graphql = stated === 'GRAPHQL' || /^graphql$/i.test(header('x-request-type')) || head.tags.has('graphql');
  const handlers = readHandlers(text, content.handlers, block.end);
  const { body, notes } = handlers.hasOther
    ? { body: UNREAD, notes: [] }
    : readBody(content.text, { contentType: header('content-type'), graphql });
  const address = absolute(url, header('host'));
  const { fields, auth, notes: left } = readHeaders(lines.pairs, address.host);
  const method = methodOf(stated, url);
  const all = [...head.notes, ...lines.notes, ...left, ...notes, ...handlers.notes, ...tagNotes(head)];
  const request: RequestTemplate = {
    ...(head.description !== '' && { description: head.description }),
    method,
    url: readUrl(address.url),
    // The parts go out with a delimiter of the client's own.
    headers: body.kind === 'multipart' ? fields.filter((field) => !isContentType(field)) : fields,
    body,
    auth,
    folderVariables: [],
    scripts: [...toScripts(head.scripts, 'before'), ...toScripts(handlers.scripts, 'after')],
    settings: readSettings(head, body.kind !== 'none' && methodsWithoutBody.has(method)),
    examples: [],
    ...(all.length > 0 && { notes: [...new Set(all)] }),
  };
  return mapRequest(request, giveMeaning, { prose: (prose) => prose, script: (source) => source });
}

/** A body of which a part stands where no client looks for it in the same way fails when it is sent. */
const UNREAD: BodyTemplate = {
  kind: 'raw',
  text: [{ kind: 'unsupported', text: '', problem: 'text behind what is done with the answer is not read' }],
};

function isContentType({ name }: Field): boolean {
  return templateText(name).toLowerCase() === 'content-type';
}

/** The method as sent: GraphQL over HTTP is a POST. */
export function methodOf(stated: string, url: string): string {
  if (stated === 'GRAPHQL') return 'POST';
  return stated === 'WS' || /^wss?:\/\//i.test(url) ? 'WEBSOCKET' : stated;
}

/** A target that is a path goes to the Host; its port tells the scheme. */
function absolute(url: string, host: string): { readonly url: string; readonly host: string } {
  const own = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)/i.exec(url)?.[1] ?? '';
  if (!url.startsWith('/') || host === '') return { url, host: own };
  const scheme = /^[a-z]+:\/\//i.test(host) ? '' : /:(?:443|8443)$/.test(host) ? 'https://' : 'http://';
  return { url: `${scheme}${host}${url}`, host };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function readSettings({ tags }: Head, bodyInSpite: boolean): RequestSettings {
  const [, amount, unit = 's'] = /^(\d{1,9})\s*(ms|s|m)?$/.exec(tags.get('timeout') ?? '') ?? [];
  return {
    ...((tags.has('no-redirect') || tags.has('noredirect')) && { followRedirects: false }),
    ...((tags.has('no-cookie-jar') || tags.has('nocookiejar')) && { disableCookies: true }),
    ...(tags.has('no-auto-encoding') && { disableUrlEncoding: true }),
    ...(amount !== undefined && Number(amount) > 0 && { timeoutMs: Number(amount) * (UNIT_MS[unit] ?? 1) }),
    ...(bodyInSpite && { disableBodyPruning: true }),
  };
}

const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/^env-/, 'Commands and captures in comments are not run'],
  [/^(?:loop|ref|forceref|import|sleep|responseref|once)$/, 'A tag that runs or repeats requests is left out'],
];

function tagNotes({ tags }: Head): string[] {
  return LEFT_OUT.flatMap(([pattern, note]) => ([...tags.keys()].some((tag) => pattern.test(tag)) ? [note] : []));
}
