import type { RequestSettings, RequestTemplate, Script } from '../../collection/model.ts';
import { descriptionOf, type JsonObject, objectOr, textOf } from '../../collection/narrow.ts';
import { templatesOf } from '../../request/scope-secrets.ts';
import { inheritAuth } from './auth.ts';
import { readBody } from './body.ts';
import { readHeaders } from './headers.ts';
import { type LexContext, referenceNames } from './lex.ts';
import { createTexts } from './texts.ts';
import { readUrl } from './url.ts';
import { folderData, readVariables } from './variables.ts';

/** A request with the folders around it, outermost first. */
export interface Placed {
  readonly item: JsonObject;
  /** Of what is not HTTP. */
  readonly protocol?: string;
  readonly folders: readonly JsonObject[];
  readonly context: LexContext;
  /** What the collection as a whole has and Keyward leaves out. */
  readonly notes: readonly string[];
  /** Variables whose values refer to a secret, which stays text. */
  readonly inert: ReadonlySet<string>;
}

export function readMethod(item: JsonObject): string {
  return textOf(item.method).toUpperCase() || 'GET';
}

/** Builds the whole request; called each time it is wanted, so nothing of it stays in memory. */
export function openRequest({ item, protocol, folders, context, notes, inert }: Placed): RequestTemplate {
  const texts = createTexts(context);
  const settings = objectOr(item.settings);
  const rendered = settings.renderRequestBody !== false && item.settingDisableRenderRequestBody !== true;
  const body = readBody(item.body, texts, rendered);
  const folderVariables = folders.map((folder) => readVariables(folderData(folder), context)).reverse();
  const request: RequestTemplate = {
    ...descriptionOf(objectOr(item.meta).description ?? item.description),
    method: protocol ?? readMethod(item),
    url: readUrl(item, texts),
    headers: readHeaders([...folders, item], texts),
    body,
    auth: inheritAuth(item, folders, texts),
    folderVariables: folderVariables.filter((list) => list.length > 0),
    scripts: readScripts(item, folders),
    // Insomnia sends a body with every method.
    settings: { ...readSettings(item), ...(body.kind !== 'none' && { disableBodyPruning: true }) },
    examples: [],
  };
  const all = [...notes, ...notesOf(item), ...(refersTo(request, inert) ? [INERT] : [])];
  return all.length === 0 ? request : { ...request, notes: all };
}

const INERT = 'A variable that is not secret refers to a secret; the reference in it is sent as text.';

function refersTo(request: RequestTemplate, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  return templatesOf(request).some((template) => referenceNames(template).some((name) => names.has(name)));
}

function notesOf({ settings, settingRebuildPath, authentication }: JsonObject): string[] {
  const keepsPath = objectOr(settings).rebuildPath === false || settingRebuildPath === false;
  const latin1 = objectOr(authentication).useISO88591 === true;
  return [
    ...(keepsPath ? ['The path is normalised when it is sent, though the request switches that off.'] : []),
    ...(latin1 ? ['User name and password are encoded as UTF-8, not as ISO 8859-1.'] : []),
  ];
}

/** Run order: all before the request, then all after it; each time from the outermost folder inwards. */
function readScripts(item: JsonObject, folders: readonly JsonObject[]): Script[] {
  const levels = [
    ...folders.map((level) => ({ level, from: 'folder' as const })),
    { level: item, from: 'request' as const },
  ];
  return (['before', 'after'] as const).flatMap((phase) =>
    levels.flatMap(({ level, from }): Script[] => {
      const { preRequest, afterResponse } = objectOr(level.scripts);
      const source =
        phase === 'before'
          ? textOf(preRequest ?? level.preRequestScript)
          : textOf(afterResponse ?? level.afterResponseScript);
      return source.trim() === '' ? [] : [{ phase, from, language: 'text/javascript', source }];
    }),
  );
}

function readSettings(item: JsonObject): RequestSettings {
  const { followRedirects, encodeUrl, cookies } = objectOr(item.settings);
  const follow = followRedirects ?? item.settingFollowRedirects;
  const encode = encodeUrl ?? item.settingEncodeUrl;
  const send = objectOr(cookies).send ?? item.settingSendCookies;
  return {
    ...((follow === 'on' || follow === true) && { followRedirects: true }),
    ...((follow === 'off' || follow === false) && { followRedirects: false }),
    ...(encode === false && { disableUrlEncoding: true }),
    ...(send === false && { disableCookies: true }),
  };
}
