// Names in computations over secrets. Apart from their checks, so that the guest need not hold those.
export const hashAlgorithms = [
  'md5',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
  'ripemd160',
  'keccak512',
] as const;
export const byteEncodings = ['base64', 'base64url', 'hex', 'latin1', 'utf8'] as const;
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
