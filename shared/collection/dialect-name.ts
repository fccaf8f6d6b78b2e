/** The formats that are read, each a folder under shared/dialects. */
export const dialectNames = [
  'postman',
  'postman-v3',
  'bruno',
  'opencollection',
  'insomnia',
  'openapi',
  'har',
  'curl',
  'http-file',
] as const;

export type DialectName = (typeof dialectNames)[number];
