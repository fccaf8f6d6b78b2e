// The demo's own search, written apart from the redactor so that the two cannot share a blind spot.

/** Every form of a secret that the demo looks for, by the name it reports. */
export function formsOf(secret: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret);
  const forms = new Map<string, string>([
    ['as it is', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ['in a JSON string', JSON.stringify(secret).slice(1, -1)],
    ['in a JSON string, slashes escaped', secret.replaceAll('/', '\\/')],
  ]);
  for (const [encoding, name] of [
    ['base64', 'base64'],
    ['base64url', 'base64url'],
  ] as const) {
    for (const offset of [0, 1, 2] as const) forms.set(`${name}, offset ${offset}`, inside(bytes, offset, encoding));
  }
  return forms;
}

/** The characters of a base64 text that depend on the secret alone, where it starts `offset` bytes into a group of three. */
function inside(secret: Buffer, offset: 0 | 1 | 2, encoding: 'base64' | 'base64url'): string {
  const padded = Buffer.concat([Buffer.alloc(offset), secret]);
  const whole = padded.subarray(0, padded.length - (padded.length % 3)).toString(encoding);
  return whole.slice(offset === 0 ? 0 : 4);
}

/** How often any form of the secret occurs. Forms that contain one another count once each place they start. */
export function countSecret(haystack: Buffer | string, secret: string): number {
  const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack;
  const places = new Set<number>();
  for (const form of formsOf(secret).values()) {
    for (let at = bytes.indexOf(form); at !== -1; at = bytes.indexOf(form, at + 1)) places.add(at);
  }
  return places.size;
}
