// Insomnia: exports of version 4 (JSON or YAML) and files of version 5, schema 5.0 to 5.2
// (Kong/insomnia, packages/insomnia/src/common/import-v5-parser.ts).
import { createReopen } from '../../collection/reopen.ts';
import { ok, type Result } from '../../failure/result.ts';
import type { Dialect } from '../dialect.ts';
import { createFileReader, type FileDocument } from '../file-reader.ts';
import type { Look } from '../look.ts';
import { createCollections } from './collections.ts';
import { looksLikeInsomnia } from './probe.ts';
import { parseFile, readExport } from './read-file.ts';
import { type Opened, surroundingsOf } from './surroundings.ts';

export const insomnia: Dialect = {
  name: 'insomnia',
  recognise: looksLikeInsomnia,
  createReader: () => createFileReader(parseInsomnia),
};

function parseInsomnia({ text, file }: Look): Result<FileDocument | undefined> {
  const parsed = parseFile(text, file);
  if (!parsed.ok) return parsed;
  const read = readExport(parsed.value.value, file);
  if (!read.ok) return read;
  if (!read.value) return ok(undefined);
  const { reparse } = parsed.value;
  const reopen = createReopen((): readonly Opened[] => {
    const again = readExport(reparse(), file);
    const workspaces = again.ok ? (again.value?.workspaces ?? []) : [];
    return workspaces.map((workspace) => ({ workspace, surroundings: surroundingsOf(workspace) }));
  });
  return ok(createCollections({ file, text, read: read.value, reopen }));
}
