import { apiKey } from './api-key.ts';
import { awsV4 } from './aws-v4.ts';
import { basic } from './basic.ts';
import { bearer } from './bearer.ts';
import { none } from './none.ts';
import type { SchemeEntry } from './scheme.ts';

const schemes: Readonly<Record<string, SchemeEntry>> = {
  none: { sign: none },
  noauth: { sign: none },
  basic: { sign: basic },
  bearer: { sign: bearer },
  apikey: { sign: apiKey },
  awsv4: { sign: awsV4 },
};

/** The scheme of an auth type; undefined where it is not supported. */
export function schemeOf(type: string): SchemeEntry | undefined {
  return Object.hasOwn(schemes, type) ? schemes[type] : undefined;
}
