// What a file is meant to be, by its name and its top-level keys: no YAML is parsed for a file that is not of this format.
import { fileName, folderOf, type Look } from '../look.ts';

export type FileKind = 'document' | 'folder' | 'item' | 'environment' | 'dot-env';

const ROOT_FILE = /^opencollection\.(?:ya?ml|json)$/i;
const FOLDER_FILE = /^folder\.ya?ml$/i;
/** Keys of which such a file has one; of a broken one they may be all that is left. */
const FOLDER_KEYS = ['info', 'request', 'docs'] as const;
const YAML_FILE = /\.ya?ml$/i;
const ITEM_KEYS = ['http', 'graphql', 'grpc', 'websocket', 'runtime', 'code'] as const;
const OTHER_FORMATS = ['openapi', 'swagger', 'asyncapi', 'arazzo', 'paths', 'channels'] as const;
const ENVIRONMENT_KEYS: ReadonlySet<string> = new Set([
  'name',
  'color',
  'description',
  'variables',
  'externalSecrets',
  'clientCertificates',
  'extends',
  'dotEnvFilePath',
]);

/** Undefined for a file that is not of this format. */
export function fileKind(look: Look): FileKind | undefined {
  const name = fileName(look.file);
  if (name === '.env') return 'dot-env';
  if (isRootFile(look.file)) return 'document';
  if (!YAML_FILE.test(name)) return hasMember(look, 'opencollection') ? 'document' : undefined;
  const keys = look.yamlKeys();
  if (keys.has('opencollection')) return 'document';
  if (isEnvironment(look.file, keys)) return 'environment';
  if (keys.get('type') === 'script' && keys.has('script')) return 'item';
  if (OTHER_FORMATS.some((key) => keys.has(key))) return undefined;
  if (isFolderFile(look.file))
    return keys.size === 0 || FOLDER_KEYS.some((key) => keys.has(key)) ? 'folder' : undefined;
  if (!keys.has('info')) return undefined;
  return ITEM_KEYS.some((key) => keys.has(key)) ? 'item' : undefined;
}

/** Whether a file by its name marks the folder of a collection. */
export function isRootFile(file: string): boolean {
  return ROOT_FILE.test(fileName(file));
}

/** Whether a file by its name says what holds for a folder; one whose keys cannot be told is taken for it. */
export function isFolderFile(file: string): boolean {
  return FOLDER_FILE.test(fileName(file));
}

/** Only in a folder of that name, and with no key that an environment has not: too many files have a `name`. */
function isEnvironment(file: string, keys: ReadonlyMap<string, string>): boolean {
  if (fileName(folderOf(file)) !== 'environments') return false;
  return (keys.has('name') || keys.has('variables')) && [...keys.keys()].every((key) => ENVIRONMENT_KEYS.has(key));
}

function hasMember(look: Look, wanted: string): boolean {
  for (const { name, value } of look.members()) if (name === wanted) return value.kind === 'string';
  return false;
}
