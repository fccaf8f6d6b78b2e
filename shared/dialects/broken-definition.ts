// What a folder or a collection says of the requests below it can be unreadable from the start. Nothing is inherited past it:
// what stands further out is not what the folder would have said.
import type { AuthTemplate, RequestEntry } from '../collection/model.ts';

const REASON = 'a definition above it cannot be read';

/** An auth type that no signer knows. */
const UNKNOWN_AUTH: AuthTemplate = { type: 'unknown', fields: {}, from: 'folder' };

/** A request below a definition that cannot be read: listed, never sent, and without the auth of anything further out. */
export function belowBroken(entry: RequestEntry): RequestEntry {
  return {
    ...entry,
    notExecutable: entry.notExecutable ?? REASON,
    open() {
      const template = entry.open();
      return template.auth.from === 'request' ? template : { ...template, auth: UNKNOWN_AUTH };
    },
  };
}
