// The package has a trailing slash in its name here: without it the name is that of Node's own module.
import { Buffer } from 'buffer/';

const { from } = Buffer;
const { toString: write } = Buffer.prototype;
const isUrlSafe = (encoding: unknown) => typeof encoding === 'string' && encoding.toLowerCase() === 'base64url';

// The package reads Base64url under the name of Base64, and does not know the name.
Buffer.from = ((value: string, encoding?: string, length?: number) =>
  (from as (...values: unknown[]) => Buffer)(value, isUrlSafe(encoding) ? 'base64' : encoding, length)) as typeof from;
Buffer.prototype.toString = function (encoding, start, end) {
  if (!isUrlSafe(encoding)) return write.call(this, encoding, start, end);
  return write.call(this, 'base64', start, end).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
};

export { Buffer };
