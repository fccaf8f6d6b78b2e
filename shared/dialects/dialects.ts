import type { DialectName } from '../collection/dialect-name.ts';
import type { Dialect } from './dialect.ts';

/** A dialect before its code is loaded. */
export interface DialectEntry {
  readonly name: DialectName;
  /** Endings of file names, lower-case, that are worth reading: `.json`. */
  readonly extensions: readonly string[];
  /** Names of files that are read though they are hidden or ignored, because a client reads them beside its collections. */
  readonly companions: readonly string[];
  load(): Promise<Dialect>;
}

/** Every dialect, in the order in which they are asked. */
export const dialects: readonly DialectEntry[] = [
  {
    name: 'postman',
    extensions: ['.json', '.postman_collection', '.postman_environment', '.postman_globals'],
    companions: [],
    load: async () => (await import('./postman/postman.ts')).postman,
  },
  {
    name: 'insomnia',
    extensions: ['.json', '.yaml', '.yml'],
    companions: [],
    load: async () => (await import('./insomnia/insomnia.ts')).insomnia,
  },
  {
    name: 'opencollection',
    extensions: ['.yml', '.yaml', '.json'],
    companions: ['.env'],
    load: async () => (await import('./opencollection/opencollection.ts')).opencollection,
  },
  {
    name: 'openapi',
    extensions: ['.json', '.yaml', '.yml'],
    companions: [],
    load: async () => (await import('./openapi/openapi.ts')).openapi,
  },
  {
    name: 'har',
    extensions: ['.har', '.json'],
    companions: [],
    load: async () => (await import('./har/har.ts')).har,
  },
  {
    name: 'postman-v3',
    extensions: [
      ...['request', 'example', 'environment', 'globals'].flatMap((kind) => [`.${kind}.yaml`, `.${kind}.yml`]),
      'definition.yaml',
      'definition.yml',
    ],
    companions: [],
    load: async () => (await import('./postman-v3/postman-v3.ts')).postmanV3,
  },
  {
    name: 'bruno',
    extensions: ['.bru', 'bruno.json'],
    companions: ['.env'],
    load: async () => (await import('./bruno/bruno.ts')).bruno,
  },
  {
    name: 'http-file',
    extensions: ['.http', '.rest', 'http-client.env.json', 'http-client.private.env.json', 'http-client.env.json.user'],
    companions: ['http-client.private.env.json', 'http-client.env.json.user'],
    load: async () => (await import('./http-file/http-file.ts')).httpFile,
  },
  {
    name: 'curl',
    extensions: ['.curl', '.sh', '.bash'],
    companions: [],
    load: async () => (await import('./curl/curl.ts')).curl,
  },
];
