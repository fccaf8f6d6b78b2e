// Words that stand behind `password:` or `token=` in descriptions without being a value.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const proseWords = words(`
  string text number integer int boolean bool object array list uuid guid date datetime time timestamp email url uri binary bytes byte
  data json xml yaml csv html jwt jws jwe pem hex base ascii unicode opaque random any null nil none undefined true false yes no on off
  required optional mandatory recommended deprecated nullable readonly writeonly read write only unique default empty blank missing
  present absent invalid valid expired expires revoked active inactive enabled disabled wrong incorrect correct unknown changed updated
  reset created deleted rotated sent stored hashed encrypted encoded signed hidden masked omitted redacted removed secret private public
  allowed denied forbidden supported unsupported ok success failed failure error pending never always once sometimes varies
  id ids name names user username users login logout account client server admin administrator root guest owner member team
  access refresh bearer basic digest token tokens key keys password passwords passphrase pass pin code codes cookie cookies session
  credential credentials secrets authorization authentication auth api value values field header headers query path body form param
  parameter environment env variable variables config file vault handle example sample dummy test placeholder foo bar baz changeme
  include includes omit origin
  see the a an and or of to in for from with by is are was be must should may can will not this that it its your our their my as at
  if then when which who how where what use used using get set new old current same other each per all both here there below above
  bcrypt argon scrypt pbkdf sha md hmac rsa aes ecdsa ed oauth oidc openid saml ldap kerberos sso mfa otp totp sms
  minimum maximum min max length characters chars digits letters alphanumeric case sensitive insensitive lowercase uppercase
  short long lived permanent temporary monday tuesday wednesday thursday friday saturday sunday open closed
`);
