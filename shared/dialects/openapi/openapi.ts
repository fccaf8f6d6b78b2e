// OpenAPI 3.x and Swagger 2.0 (spec.openapis.org/oas), JSON and YAML: operations as requests.
import type { Collection, Environment } from '../../collection/model.ts';
import { descriptionOf, objectOr, textOf } from '../../collection/narrow.ts';
import { createReopen } from '../../collection/reopen.ts';
import { stableId } from '../../collection/stable-id.ts';
import { ok, type Result } from '../../failure/result.ts';
import type { Dialect } from '../dialect.ts';
import { createFileReader, type FileDocument } from '../file-reader.ts';
import { fileName, type Look } from '../look.ts';
import { collectionVariables } from './collection-variables.ts';
import { majorOf, type OpenapiDocument, readDocument, reread } from './document.ts';
import { otherServers } from './environments.ts';
import { listOperations } from './list-operations.ts';
import { looksLikeOpenapi } from './probe.ts';

export const openapi: Dialect = {
  name: 'openapi',
  recognise: looksLikeOpenapi,
  createReader: () => createFileReader(parseOpenapi),
};

function parseOpenapi({ text, file }: Look): Result<FileDocument | undefined> {
  const read = readDocument(text, file);
  if (!read.ok) return read;
  const document = read.value;
  return ok(document && readCollection(document, text, file));
}

function readCollection(document: OpenapiDocument, text: string, file: string): FileDocument {
  const info = objectOr(document.root.info);
  const name = textOf(info.title).trim() || fileName(file);
  const id = stableId(name, 'collection', file);
  const reopen = createReopen(() => reread(text, file));
  const collection: Collection = {
    id,
    name,
    dialect: 'openapi',
    format: formatOf(document),
    file,
    ...descriptionOf(info.description ?? info.summary),
    ...listOperations({ document, text, file, reopen }),
    variables: () => collectionVariables(reopen()),
  };
  const environments: Environment[] = otherServers(document, { file, collection: id });
  return { collections: [collection], environments };
}

function formatOf(document: OpenapiDocument): string {
  const [major = '', minor = '0'] = document.version.split('.');
  return `${majorOf(document) === 2 ? 'swagger' : 'openapi'}-${major}.${/^\d{1,3}$/.test(minor) ? minor : '0'}`;
}
