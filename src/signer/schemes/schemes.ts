import { apiKey } from './api-key.ts';
import { awsV4 } from './aws-v4.ts';
import { basic } from './basic.ts';
import { bearer } from './bearer.ts';
import { none } from './none.ts';
import type { Scheme } from './scheme.ts';

const schemes: Readonly<Record<string, Scheme>> = {
  none,
  noauth: none,
  basic,
  bearer,
  apikey: apiKey,
  awsv4: awsV4,
};

/** The scheme of an auth type; undefined where it is not supported. */
export function schemeOf(type: string): Scheme | undefined {
  return Object.hasOwn(schemes, type) ? schemes[type] : undefined;
}
