import { apiKey } from './api-key.ts';
import { asap } from './asap.ts';
import { awsV4 } from './aws-v4.ts';
import { basic } from './basic.ts';
import { bearer } from './bearer.ts';
import { digest } from './digest.ts';
import { edgegrid } from './edgegrid.ts';
import { hawk } from './hawk.ts';
import { jwt } from './jwt.ts';
import { none } from './none.ts';
import { ntlm } from './ntlm.ts';
import { oauth1 } from './oauth1.ts';
import { oauth2 } from './oauth2.ts';
import type { SchemeEntry } from './scheme.ts';
import { wsse } from './wsse.ts';

const schemes: Readonly<Record<string, SchemeEntry>> = {
  none: { sign: none },
  noauth: { sign: none },
  basic: { sign: basic },
  bearer: { sign: bearer },
  apikey: { sign: apiKey },
  awsv4: { sign: awsV4 },
  digest,
  ntlm,
  jwt: { sign: jwt },
  asap: { sign: asap },
  edgegrid: { sign: edgegrid },
  oauth1: { sign: oauth1 },
  oauth2: { sign: oauth2 },
  hawk,
  wsse: { sign: wsse },
};

/** The scheme of an auth type; undefined where it is not supported. */
export function schemeOf(type: string): SchemeEntry | undefined {
  return Object.hasOwn(schemes, type) ? schemes[type] : undefined;
}
