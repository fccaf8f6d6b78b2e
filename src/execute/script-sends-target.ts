// What a script wants sent, as a request of its parent's collection: planned in the parent's scope, with nothing else of it.
import { lookupRequest } from '../../shared/collection/lookup.ts';
import type { Collection, RequestEntry, RequestTemplate } from '../../shared/collection/model.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import type { ScriptCall } from '../../shared/script/job.ts';
import type { LiveText } from '../../shared/script/live-text.ts';
import { readRequest } from '../../shared/script/request-text.ts';
import { statedOrigins } from '../../shared/script/stated-origins.ts';
import type { Target } from './prepare.ts';
import { checkMade } from './script-size.ts';

/**
 * The request that a script made. What its references name is the parent's; the agent has no part in it, but where it supplied variables
 * to the parent. Failures: those of readRequest, SCRIPT/OUTPUT_LIMIT.
 */
export function targetOfSend(
  { request, derived, named = [] }: Extract<ScriptCall, { kind: 'send' }>,
  parent: Target,
  { live, fromAgent }: { readonly live: LiveText; readonly fromAgent: boolean },
): Result<Target> {
  live.admit(named);
  const learned = live.learn(derived);
  if (!learned.ok) return learned;
  const read = readRequest(request, live);
  if (!read.ok) return read;
  const fits = checkMade(read.value.template);
  if (!fits.ok) return fits;
  const { entry, template: saved } = parent.found;
  const template: RequestTemplate = { ...read.value.template, folderVariables: saved.folderVariables };
  const { environment, globals } = parent;
  return ok({
    found: { ...parent.found, entry: sentEntry(entry, template), template },
    ...(environment && { environment }),
    globals,
    sentBy: { saved, states: parent.sentBy?.states ?? statedOrigins({ ...parent, fromAgent }) },
  });
}

function sentEntry(entry: RequestEntry, template: RequestTemplate): RequestEntry {
  return {
    ...entry,
    id: `${entry.id}#script`,
    name: `a script of ${entry.name}`,
    method: template.method,
    open: () => template,
    // Its methods may stand on a prototype, which a copy leaves behind.
    locate: (fileText) => entry.locate(fileText),
  };
}

/** A saved request of the parent's collection: by the path of its file, as Bruno has it, by id, path or name. Failures: REQUEST/NOT_FOUND, AMBIGUOUS. */
export function targetOfRun(ref: string, parent: Target): Result<Target> {
  const { collection } = parent.found;
  const inFile = entryInFile(collection, ref);
  const found = inFile ? ok({ collection, entry: inFile }) : lookupRequest([collection], ref);
  if (!found.ok) return found;
  const { environment, globals } = parent;
  return ok({
    found: { ...found.value, template: found.value.entry.open() },
    ...(environment && { environment }),
    globals,
  });
}

/** Of a collection of many files: relative to its folder, with or without the ending. */
function entryInFile({ file, requests }: Collection, ref: string): RequestEntry | undefined {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const wanted = folder + ref.replace(/^(?:\.?\/)+/, '');
  return requests.find((entry) => {
    if (entry.file === undefined) return false;
    return entry.file === wanted || entry.file.replace(/\.[A-Za-z]+$/, '') === wanted;
  });
}
