import { createHash } from 'node:crypto';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { REDACTED } from '../../../shared/redact/marker.ts';
import { quoted, type Scheme, withHeader } from './scheme.ts';

const NONCE_BYTES = 16;

/**
 * WSSE UsernameToken in an X-WSSE header, with Bruno's fields username and password and fields of our own: `passwordType` `digest`
 * (default; Base64(SHA-1(nonce + created + password)), "Atom Authentication", XML.com 2003) or `text`; `nonceEncoding` `base64`
 * where the server decodes the nonce before it hashes (OASIS UsernameToken Profile 1.0); `digestEncoding` `hex` where it takes
 * base64 of the digest in hex; `nonce` and `created`. Failures: REQUEST/AUTH_INCOMPLETE, REQUEST/AUTH_INVALID.
 */
export const wsse: Scheme = (draft, { fields, now, random, masked }) => {
  const { username = '', password = '' } = fields;
  if (username === '') return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'wsse', field: 'username' }));
  const kind = (fields.passwordType || 'digest').toLowerCase().replace(/^password/, '');
  if (kind !== 'digest' && kind !== 'text') return err(failure('REQUEST/AUTH_INVALID', UNKNOWN_KIND));
  const inBase64 = fields.nonceEncoding === 'base64';
  const nonce = fields.nonce || Buffer.from(random(NONCE_BYTES)).toString(inBase64 ? 'base64' : 'hex');
  const created = fields.created || new Date(now).toISOString().replace(/\.\d{3}/, '');
  const hash = createHash('sha1')
    .update(Buffer.from(nonce, inBase64 ? 'base64' : 'utf8'))
    .update(created + password);
  const inHex = fields.digestEncoding === 'hex';
  // Of a password that only marks one there is no digest: it would look like one.
  const digest = masked ? REDACTED : inHex ? base64(hash.digest('hex')) : hash.digest('base64');
  const token = [
    `UsernameToken Username="${quoted(username)}"`,
    kind === 'text' ? `PasswordText="${quoted(password)}"` : `PasswordDigest="${digest}"`,
    `Nonce="${quoted(nonce)}"`,
    `Created="${quoted(created)}"`,
  ].join(', ');
  return ok({
    draft: withHeader(draft, 'X-WSSE', token),
    derived: kind === 'text' ? [] : [{ id: 'digest', value: digest }],
  });
};

const UNKNOWN_KIND = { type: 'wsse', problem: 'its passwordType is neither digest nor text' };

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
