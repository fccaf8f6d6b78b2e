// What scripts may require, and the globals that browsers or Node would give them. Each is made when a script first asks for it.

import { createSecretBuffers } from './deriving/buffer.ts';
import { createCryptoJs } from './deriving/crypto-js.ts';
import { createDeriving, type Deriving } from './deriving/deriving.ts';
import { createJsonWebToken } from './deriving/jsonwebtoken.ts';
import { createJsrsasign } from './deriving/jsrsasign.ts';
import type { JwsParts } from './deriving/jws.ts';
import { type CryptoParts, createNodeCrypto, createWebCrypto } from './deriving/node-crypto.ts';
import { createTextFunctions, type TextFunctions } from './deriving/text-functions.ts';
import { createUrls } from './deriving/urls.ts';
import { addFormats, ajv6, ajv8, chai, cheerio, lodash, moment, parseCsv, tv4, xml2js } from './libraries/bundled.ts';
import { DOMException } from './libraries/dom-exception.ts';
import { createFetch } from './libraries/http/fetch.ts';
import { assert } from './libraries/node/assert.ts';
import { events } from './libraries/node/events.ts';
import { path } from './libraries/node/path.ts';
import { querystring } from './libraries/node/querystring.ts';
import { StringDecoder } from './libraries/node/string_decoder.ts';
import { util } from './libraries/node/util-functions.ts';
import { createNanoid, createUuid } from './libraries/random-ids.ts';
import { structuredClone } from './libraries/structured-clone.ts';
import { TextDecoder, TextEncoder } from './libraries/text-coding.ts';
import { punycode } from './libraries/url/punycode.ts';
import type { Modules, Run } from './run.ts';

type Makers = Readonly<Record<string, () => unknown>>;

/** Cheap: no library is touched before a script requires it. */
export function createModules(run: Run): Modules {
  const parts = createParts(run);
  const makers: Makers = { ...sharedModules(run, parts), ...scriptModules(run, parts) };
  const made = new Map<string, unknown>();
  const named = (name: string): unknown => {
    const maker = Object.hasOwn(makers, name) ? makers[name] : undefined;
    if (!made.has(name)) made.set(name, maker?.());
    return made.get(name);
  };
  return {
    require: (specifier) => {
      const name = moduleName(String(specifier));
      if (Object.hasOwn(makers, name)) return named(name);
      return partOf(name, named) ?? run.unsupported(`require('${specifier}')`);
    },
    globals: globalsOf(run, parts),
  };
}

/** `npm:NAME@VERSION` and `node:NAME` without what is around the name. */
function moduleName(specifier: string): string {
  return specifier.replace(/^(?:npm|node):/, '').replace(/(.)@[^/@]*$/, '$1');
}

/** `crypto-js/hmac-sha256`, `lodash/get`, `cheerio/lib/slim` and the like: a part of a library by the name of its file. */
function partOf(name: string, named: (name: string) => unknown): unknown {
  const [, library = '', file = ''] = /^(crypto-js|lodash)\/([\w-]+)(?:\.js)?$/.exec(name) ?? [];
  if (library === '') return undefined;
  const whole = Object(named(library)) as Record<string, unknown>;
  const plain = (text: string) => text.replace(/-/g, '').toLowerCase();
  const group = file.startsWith('enc-') ? (Object(whole.enc) as Record<string, unknown>) : whole;
  const wanted = plain(file.replace(/^enc-/, ''));
  return Object.entries(group).find(([each]) => plain(each) === wanted)?.[1];
}

interface Parts {
  readonly deriving: Deriving;
  readonly text: TextFunctions;
  readonly crypto: CryptoParts;
  readonly jws: JwsParts;
  readonly urls: ReturnType<typeof createUrls>;
}

function createParts(run: Run): Parts {
  const deriving = createDeriving(run);
  const random = () => run.host.random();
  const text = createTextFunctions(deriving);
  const buffers = createSecretBuffers(deriving);
  const options = { random, hasOldDefaults: run.job.api === 'postman' };
  const library = once(() => createCryptoJs(deriving, options));
  const crypto: CryptoParts = {
    deriving,
    buffers,
    random,
    get library() {
      return library();
    },
  };
  const node = once(() => createNodeCrypto(crypto));
  const jws: JwsParts = {
    deriving,
    buffers,
    hash: (name, message) => node().createHash(name).update(message).digest(),
    hmac: (name, key, message) => node().createHmac(name, key).update(message).digest(),
  };
  return { deriving, text, crypto, jws, urls: createUrls(deriving) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Libraries that are the same for every run, or nearly. */
function sharedModules({ job }: Run, { text }: Parts): Makers {
  return {
    chai: () => chai,
    lodash: () => lodash,
    moment: () => moment,
    tv4: () => tv4,
    xml2js: () => xml2js,
    cheerio: () => cheerio,
    ajv: () => (job.api === 'postman' ? ajv6 : ajv8),
    'ajv-formats': () => addFormats,
    'csv-parse/lib/sync': () => parseCsv,
    'csv-parse/sync': () => Object.assign(parseCsv, { parse: parseCsv }),
    'csv-parse': () => parseCsv,
    atob: () => text.atob,
    btoa: () => text.btoa,
    assert: () => assert,
    'assert/strict': () => assert.strict,
    events: () => events,
    path: () => path,
    'path/posix': () => path,
    punycode: () => punycode,
    querystring: () => ({ ...querystring, escape: text.encodeURIComponent }),
    string_decoder: () => ({ StringDecoder }),
    util: () => ({ ...util, TextEncoder, TextDecoder }),
  };
}

function scriptModules(run: Run, { deriving, crypto, jws, urls }: Parts): Makers {
  const { buffers, random } = crypto;
  const now = () => run.host.now();
  const timerNames = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'];
  const timers = () => Object.fromEntries(timerNames.map((name) => [name, Reflect.get(globalThis, name) as unknown]));
  const streams = ['Stream', 'Readable', 'Writable', 'Duplex', 'Transform', 'PassThrough', 'pipeline', 'finished'];
  return {
    'crypto-js': () => crypto.library,
    crypto: () => createNodeCrypto(crypto),
    buffer: () => ({ Buffer: buffers.Buffer, SlowBuffer: buffers.Buffer, kMaxLength: 0x7fff_ffff }),
    url: () => urls.module,
    uuid: () => createUuid(random),
    nanoid: () => createNanoid(random),
    jsonwebtoken: () => createJsonWebToken(jws, now),
    jsrsasign: () => createJsrsasign(jws, now),
    'node-fetch': () => createFetch(run),
    timers,
    stream: () =>
      Object.fromEntries(
        streams.map((name) => [
          name,
          function unsupported() {
            deriving.unsupported(`stream.${name}`);
          },
        ]),
      ),
  };
}

function globalsOf({ job }: Run, { text, crypto, urls, deriving }: Parts): Record<string, unknown> {
  return {
    ...text,
    Buffer: crypto.buffers.Buffer,
    DOMException,
    TextDecoder,
    TextEncoder: textEncoderOver(deriving),
    URL: urls.URL,
    URLSearchParams: urls.URLSearchParams,
    crypto: createWebCrypto(crypto),
    queueMicrotask: (callback: () => void) => void Promise.resolve().then(callback),
    structuredClone,
    ...(job.api === 'bruno' ? { Ajv: ajv8, addFormats, moment, tv4 } : {}),
  };
}

/** The bytes of a secret are not here. */
function textEncoderOver(deriving: Deriving): typeof TextEncoder {
  return class extends TextEncoder {
    override encode(text: unknown = ''): Uint8Array {
      return super.encode(plainOf(text, deriving));
    }

    override encodeInto(text: string, target: Uint8Array) {
      return super.encodeInto(plainOf(text, deriving), target);
    }
  };
}

function plainOf(text: unknown, deriving: Deriving): string {
  const value = String(text);
  return deriving.secretOf(value) === undefined
    ? deriving.plain(value)
    : deriving.unsupported('TextEncoder over a secret');
}
