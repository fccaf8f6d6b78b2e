// What stands around the digits of a private key: the lines of PEM (RFC 7468), also with their breaks written as `\n`, and the head of
// a data URI. Nothing of a key is in it.

export type FrameSide = 'before' | 'behind';

const BREAKS = String.raw`(?:\s|\\[nr])*`;
const LABEL = '(?:(?:RSA|EC|ENCRYPTED) )?PRIVATE KEY-----';
const DATA_URI = String.raw`data:application/pkcs8;kid=[\w.\-+/%]+;base64,`;

const FRAMES: Readonly<Record<FrameSide, RegExp>> = {
  before: new RegExp(`^${BREAKS}(?:(?:-----BEGIN ${LABEL}|${DATA_URI})${BREAKS})?$`),
  behind: new RegExp(`^${BREAKS}(?:-----END ${LABEL}${BREAKS})?$`),
};

/** Whether a text is nothing but what may stand on that side of a key. */
export function isKeyFrame(text: string, side: FrameSide): boolean {
  return FRAMES[side].test(text);
}
