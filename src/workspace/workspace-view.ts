import { lookupCollection, lookupEnvironment, lookupRequest } from '../../shared/collection/lookup.ts';
import { failure, type SourceSpan } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { AttachmentReader, FoundRequest, Workspace } from '../execute/ports.ts';
import { readAttachment } from './read-attachment.ts';
import { readText } from './read-text.ts';
import { createWithheldTest } from './withheld-paths.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** The files of a workspace as an execution sees them: each answer is of one moment. */
export function createWorkspaceView({ roots, fence, index }: WorkspaceFiles): Workspace {
  const collections = () => index.snapshot().collections;
  const environments = () => index.snapshot().environments;
  let reader: Promise<AttachmentReader> | undefined;
  const createReader = async (): Promise<AttachmentReader> => {
    const rules = {
      roots,
      fence,
      reserves: (file: string) => index.reserves(file),
      holdsApi: await index.createProbe(),
    };
    return (collection, path, withheld) => {
      const from = index.pathOf(collection.file);
      const isWithheld = createWithheldTest(withheld, (file) => index.pathOf(file));
      if (from !== undefined) return readAttachment({ ...rules, isWithheld }, from, path);
      const problem = 'its collection is not in this workspace';
      return err(failure('REQUEST/FILE_UNAVAILABLE', { file: path, problem }));
    };
  };
  return {
    collections,
    environments,
    problems: () => index.snapshot().problems,
    revision: () => index.snapshot().revision,
    findCollection: (ref) => lookupCollection(collections(), ref),
    findEnvironment: (ref) => lookupEnvironment(environments(), ref),
    findRequest(ref): Result<FoundRequest> {
      const found = lookupRequest(collections(), ref);
      return found.ok ? ok({ ...found.value, template: found.value.entry.open() }) : found;
    },
    locate({ collection, entry }): SourceSpan {
      const file = entry.file ?? collection.file;
      const path = index.pathOf(file);
      const read = path === undefined ? undefined : readText(file, path);
      return read?.ok ? entry.locate(read.value.text) : { file };
    },
    attachments() {
      reader ??= createReader();
      return reader;
    },
  };
}
