import { utf8 } from '../encodings.ts';
import { createFolder, type Folder } from './folding.ts';
import { createFormTable, type FormTable } from './form-table.ts';
import { createMaskTable, type MaskTable } from './masked.ts';
import { secretForms } from './secret-forms.ts';

/** What is searched for. */
export interface Knowledge {
  readonly table: FormTable;
  readonly folder: Folder;
  readonly masks: MaskTable;
  /** The longest spelling that is found wherever it stands. */
  readonly overlapBytes: number;
}

const MIN_OVERLAP_BYTES = 4_096;
// Three levels of percent-encoding, each byte written as %252541, and what stands between its parts.
const SPELLING_BYTES_PER_BYTE = 16;

export function createKnowledge(values: readonly string[]): Knowledge {
  const folder = createFolder();
  const secrets = values.map(utf8);
  const longest = secrets.reduce((most, { length }) => Math.max(most, length), 0);
  return {
    table: createFormTable(values.map(secretForms), folder),
    folder,
    masks: createMaskTable(secrets),
    overlapBytes: Math.max(MIN_OVERLAP_BYTES, SPELLING_BYTES_PER_BYTE * longest),
  };
}
