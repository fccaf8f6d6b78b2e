// What a file of a version 3 folder is for, told from its path alone.
import { fileName, folderOf } from '../look.ts';

export interface FileRole {
  readonly role: 'request' | 'definition' | 'example' | 'environment' | 'globals';
  /** What it speaks of: the folder of a request, the one that a definition describes, the one that an example lies in. */
  readonly folder: string;
  /** The file's name without its endings. */
  readonly stem: string;
}

/** Where the files about a folder and its requests lie; a request in it is none of the collection. */
export const RESOURCES = '.resources';

const ENDING = /^(.*)\.(request|example|environment|globals)\.ya?ml$/i;

/** undefined: no file of this format has such a path. */
export function roleOf(file: string): FileRole | undefined {
  const name = fileName(file);
  const folder = folderOf(file);
  if (/^definition\.ya?ml$/i.test(name)) {
    return fileName(folder) === RESOURCES ? { role: 'definition', folder: folderOf(folder), stem: name } : undefined;
  }
  const [, stem = '', ending = ''] = ENDING.exec(name) ?? [];
  switch (ending.toLowerCase()) {
    case 'request':
      return { role: 'request', folder, stem };
    case 'example':
      return { role: 'example', folder, stem };
    case 'environment':
      return { role: 'environment', folder, stem };
    case 'globals':
      return { role: 'globals', folder, stem };
    default:
      return undefined;
  }
}

/** The folder of the collection that a path is about: of one in `.resources` the folder around that. */
export function homeOf(folder: string): string {
  const segments = folder.split('/');
  const at = segments.indexOf(RESOURCES);
  return at < 0 ? folder : segments.slice(0, at).join('/');
}

const KINDS_OF_FOLDER: ReadonlySet<string> = new Set(['collections', 'environments', 'globals']);

/** The folder `postman` around a file, which holds what belongs together; '' where there is none. */
export function postmanFolderOf(file: string): string {
  const segments = folderOf(file).split('/');
  const at = segments.findIndex((name, index) => name === 'postman' && KINDS_OF_FOLDER.has(segments[index + 1] ?? ''));
  return segments.slice(0, at + 1).join('/');
}
