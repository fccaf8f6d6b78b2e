// The functions on text that every script has, over references of secrets.
import { atob, btoa } from '../libraries/base64.ts';
import { textOf } from '../libraries/text-of.ts';
import type { Deriving } from './deriving.ts';

export interface TextFunctions {
  readonly btoa: (text: unknown) => string;
  readonly atob: (text: unknown) => string;
  readonly encodeURIComponent: (text: unknown) => string;
  readonly decodeURIComponent: (text: unknown) => string;
  readonly encodeURI: (text: unknown) => string;
  readonly escape: (text: unknown) => string;
  readonly unescape: (text: unknown) => string;
}

// As the engine has them: scripts get those below under their names.
const old = (name: 'escape' | 'unescape') => Reflect.get(globalThis, name) as (text: string) => string;
const native = { encodeURIComponent, decodeURIComponent, encodeURI, escape: old('escape'), unescape: old('unescape') };

/** Each works as in a browser where no secret is in its argument. */
export function createTextFunctions(deriving: Deriving): TextFunctions {
  const { derive, encode, decode } = deriving;
  const over = (plainly: (text: string) => string, secretly: (text: string) => string) => (value: unknown) => {
    const text = textOf(value);
    return deriving.secretOf(text) === undefined ? plainly(deriving.plain(text)) : secretly(text);
  };
  const around = (text: string, work: (hidden: string) => string) => {
    const hidden = deriving.hide(text);
    return hidden.restore(work(hidden.text));
  };
  const inputOfPercent = (text: string) => {
    const made = deriving.madeBy(text);
    return made?.operation.name === 'percent' ? made.inputs[0] : undefined;
  };
  return {
    btoa: over(btoa, (text) => encode(bytesOfLatin1(text, deriving), 'base64')),
    atob: over(atob, (text) => encode(decode(text, 'base64'), 'latin1')),
    encodeURIComponent: over(native.encodeURIComponent, (text) => derive({ name: 'percent' }, text)),
    decodeURIComponent: over(native.decodeURIComponent, (text) => {
      const input = inputOfPercent(text);
      return input ?? around(text, native.decodeURIComponent);
    }),
    // A URL is encoded where it is sent, so what stands for a secret can stay.
    encodeURI: over(native.encodeURI, (text) => around(text, native.encodeURI)),
    escape: over(native.escape, () => deriving.unsupported('escape() of a secret')),
    // unescape(encodeURIComponent(text)) is how scripts write the bytes of UTF-8 as characters.
    unescape: over(native.unescape, (text) => {
      const input = inputOfPercent(text);
      return input === undefined ? around(text, native.unescape) : encode(input, 'latin1');
    }),
  };
}

/** btoa(unescape(encodeURIComponent(text))) is Base64 of the bytes of UTF-8. */
function bytesOfLatin1(text: string, deriving: Deriving): string {
  const made = deriving.madeBy(text);
  const isBytes = made?.operation.name === 'encode' && made.operation.to === 'latin1';
  return (isBytes ? made.inputs[0] : undefined) ?? deriving.decode(text, 'latin1');
}
