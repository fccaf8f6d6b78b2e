// Insomnia's auth types and their fields, each with ours: for reading and for writing.

export interface AuthFields {
  readonly type: string;
  /** Insomnia's field → ours. */
  readonly fields: Readonly<Record<string, string>>;
}

const LOGIN = { username: 'username', password: 'password' };

export const authFields: Readonly<Record<string, AuthFields>> = {
  basic: { type: 'basic', fields: LOGIN },
  bearer: { type: 'bearer', fields: { token: 'token' } },
  digest: { type: 'digest', fields: LOGIN },
  ntlm: { type: 'ntlm', fields: LOGIN },
  apikey: { type: 'apikey', fields: { key: 'key', value: 'value' } },
  iam: {
    type: 'awsv4',
    fields: {
      accessKeyId: 'accessKey',
      secretAccessKey: 'secretKey',
      sessionToken: 'sessionToken',
      region: 'region',
      service: 'service',
    },
  },
  hawk: {
    type: 'hawk',
    fields: {
      id: 'authId',
      key: 'authKey',
      algorithm: 'algorithm',
      ext: 'extraData',
      validatePayload: 'includePayloadHash',
    },
  },
  oauth1: {
    type: 'oauth1',
    fields: {
      consumerKey: 'consumerKey',
      consumerSecret: 'consumerSecret',
      tokenKey: 'token',
      tokenSecret: 'tokenSecret',
      signatureMethod: 'signatureMethod',
      timestamp: 'timestamp',
      nonce: 'nonce',
      version: 'version',
      realm: 'realm',
      callback: 'callback',
      verifier: 'verifier',
      privateKey: 'privateKey',
      includeBodyHash: 'includeBodyHash',
    },
  },
  oauth2: {
    type: 'oauth2',
    fields: {
      accessTokenUrl: 'accessTokenUrl',
      authorizationUrl: 'authUrl',
      redirectUrl: 'redirect_uri',
      clientId: 'clientId',
      clientSecret: 'clientSecret',
      ...LOGIN,
      scope: 'scope',
      state: 'state',
      audience: 'audience',
      resource: 'resource',
      origin: 'origin',
      code: 'authCode',
      accessToken: 'accessToken',
      refreshToken: 'refreshToken',
      responseType: 'responseType',
      pkceMethod: 'challengeAlgorithm',
    },
  },
  asap: {
    type: 'asap',
    fields: {
      issuer: 'iss',
      subject: 'sub',
      audience: 'aud',
      keyId: 'kid',
      privateKey: 'privateKey',
      additionalClaims: 'claims',
      // The schema of version 5 spells it so.
      addintionalClaims: 'claims',
    },
  },
};

/** A field that may be stated as empty: an empty user name or password is one. */
export function isLogin(field: string): boolean {
  return Object.hasOwn(LOGIN, field);
}

/** Insomnia's word for "the token as it is", in the place of `Bearer`. */
export const NO_PREFIX = 'NO_PREFIX';
