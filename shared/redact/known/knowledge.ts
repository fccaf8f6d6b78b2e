import { createFolder, type Folder } from './folding.ts';
import { createFormTable, type FormTable } from './form-table.ts';
import { type Searched, secretForms } from './secret-forms.ts';

/** What is searched for. */
export interface Knowledge {
  readonly table: FormTable;
  readonly folder: Folder;
  /** The longest spelling that is found wherever it stands. */
  readonly overlapBytes: number;
}

const MIN_OVERLAP_BYTES = 4_096;
// Three levels of percent-encoding, each byte written as %252541, and what stands between its parts.
const SPELLING_BYTES_PER_BYTE = 16;

/** Of what goes with a head, at least so much is taken, and at least as much as the secret is long. */
export const LEAST_REACH_BYTES = MIN_OVERLAP_BYTES / SPELLING_BYTES_PER_BYTE;

export function createKnowledge(secrets: readonly Searched[]): Knowledge {
  const folder = createFolder();
  const forms = secrets.map(secretForms);
  const longest = forms.reduce((most, [whole]) => Math.max(most, whole?.bytes.length ?? 0), 0);
  return {
    table: createFormTable(forms, folder),
    folder,
    overlapBytes: Math.max(MIN_OVERLAP_BYTES, SPELLING_BYTES_PER_BYTE * longest),
  };
}
