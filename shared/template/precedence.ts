// Which variable wins where several have one name: each format's own rule, as data. docs/reference/formats.md shows this table.
import type { DialectName } from '../collection/dialect-name.ts';

/** Where a value of the files can come from. `folder` are the request's own variables and those of its folders, inside out. */
export type FileLayer = 'environment' | 'folder' | 'collection' | 'globals';

const POSTMAN: readonly FileLayer[] = ['environment', 'folder', 'collection', 'globals'];
const INSIDE_OUT: readonly FileLayer[] = ['folder', 'environment', 'collection', 'globals'];

/** Strongest first. What the agent supplies for a call is stronger than all of them. */
export const precedence: Readonly<Record<DialectName, readonly FileLayer[]>> = {
  postman: POSTMAN,
  'postman-v3': POSTMAN,
  bruno: INSIDE_OUT,
  opencollection: INSIDE_OUT,
  insomnia: INSIDE_OUT,
  openapi: POSTMAN,
  har: POSTMAN,
  curl: POSTMAN,
  'http-file': ['folder', 'collection', 'environment', 'globals'],
};
