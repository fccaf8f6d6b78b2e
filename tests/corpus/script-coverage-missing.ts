// What scripts of the corpora name and do not find here, and why. A row that nothing needs fails the test.
import type { ScriptApi } from '../../shared/script/job.ts';

export interface NotOffered {
  readonly apis: RegExp;
  readonly why: string;
  /** Whether the vendor's client has it, in the mode in which it runs by default. */
  readonly vendorHas: boolean;
}

export const notOffered: Readonly<Record<ScriptApi, readonly NotOffered[]>> = {
  postman: [
    {
      apis: /^(?:document|window)\b/,
      why: 'script of a visualizer, saved as a test: newman has no document either',
      vendorHas: false,
    },
    {
      apis: /^(?:str1\.toString|additionalResponse|undefFunction|request\.data\.name)$/,
      why: "a mistake of the script, or what the request's body has",
      vendorHas: false,
    },
    { apis: /^pm\.expect or$/, why: 'chai has no such word', vendorHas: false },
  ],
  insomnia: [
    { apis: /^(?:greetting|foo)$|\.passphrass$/, why: 'a mistake of the script', vendorHas: false },
    { apis: /^fetch$/, why: 'nothing reaches the network but sendRequest', vendorHas: true },
  ],
  bruno: [
    {
      apis: /^require\(\.{1,2}\//,
      why: 'files of the collection are not loaded into the sandbox: a script has no file system',
      vendorHas: true,
    },
    {
      apis: /^require\(node:(?:fs|os|zlib)\)/,
      why: "the developer mode's own: bru in safe mode has no module of Node",
      vendorHas: false,
    },
    {
      apis: /^require\(node:crypto\)\.(?:getCiphers|scryptSync|createCipheriv|createDecipheriv)$/,
      why: "the developer mode's own",
      vendorHas: false,
    },
    {
      apis: /^require\((?:@faker-js\/faker|jose|form-data|external-lib-with-bru-req-res-objects)\)/,
      why: 'packages that stand beside the collection: developer mode',
      vendorHas: false,
    },
    {
      apis: /^(?:crypto\.subtle|process|fetch|Request|Response|Headers|AbortController|FormData|Blob|Event|EventTarget|CustomEvent|Intl)\b/,
      why: "globals of Node: the developer mode's own",
      vendorHas: false,
    },
  ],
};
