/**
 * Where the key that opens a vault comes from. The operator chooses one when the vault is made; none stands in for another.
 * `memory` keeps nothing: the vault lives and ends with the process.
 */
export const keySources = [
  'keychain',
  'systemd-credential',
  'file-descriptor',
  'environment',
  'passphrase',
  'key-file',
  'memory',
] as const;
export type KeySourceKind = (typeof keySources)[number];

/** Sources that hand the key itself to the process; whoever starts it keeps the key. */
export const givenKeySources = ['systemd-credential', 'file-descriptor', 'environment'] as const;
export type GivenKeySource = (typeof givenKeySources)[number];
