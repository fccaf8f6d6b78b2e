// The vocabulary of field names. Lower-case, without separators; names.ts explains how the tables are used.
// Sources: Sentry, Rails, Django, logfire, OpenTelemetry, cabinjs and gitleaks' lists of names and of false positives.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** One word, or several neighbouring words written together, that name a credential wherever they stand. */
export const secretWords = words(`
  password passwords passwd passwds passwort pswd pswrd pwd pwds passphrase passphrases passcode passcodes passkey userpass
  secret secrets clientsecret credential credentials creds bearer jwt jwts otp otps totp hotp 2fa mfacode twofactor 2facode
  apikey apikeys apisecret accesskey secretkey secretaccesskey privatekey privatekeys privkey privkeys signingkey signkey
  encryptionkey cryptkey decryptionkey masterkey sharedkey accountkey authkey sshkey hmackey symmetrickey storagekey clientkey
  servicekey serverkey subscriptionkey licensekey deploykey sessionkey aeskey rsakey appkey adminkey rootkey webhookkey
  keymaterial keysecret keypem keypass keydata keyb64 keybase64 keystring storepass
  appkeys accesskeys secretkeys encryptionkeys masterkeys recoverykeys unsealkey unsealkeys writekey ingestkey ingestionkey integrationkey
  insertkey signaturekey encryptioncustomerkey signinginmemorykey presharedkey psk jwe jws dpop privatejwk encryptioncek hmacsha256
  cookie cookies setcookie authorization proxyauthorization sas sastoken
  dsn connectionstring connectionstrings connstr connstring connectionuri databaseurl databaseuri dburl dburi mongourl mongouri
  mongodburl mongodburi redisurl redisuri postgresurl postgresqlurl mysqlurl jdbcurl amqpurl rabbitmqurl cloudamqpurl
  webhookurl webhookuri webhooksecret brokerurl sasuri sasurl securehash accesssign apisign loggedinkey
  sessionid sessid phpsessid jsessionid aspsessionid connectsid sessionkey sessioncookie
  pin pins pincode pinnumber securitycode securitypin verificationcode authcode authorizationcode accesscode recoverycode
  recoverycodes backupcode backupcodes twofactorcode resetcode logincode smscode onetimecode devicecode codeverifier
  activationcode authenticationcode confirmationcode pairingcode unlockcode verifycode
  signincode enrollmentcode oobcode oauthverifier pkceverifier cardverificationvalue cardverificationcode
  basicauth proxyauth xauth authheader authorizationheader authdata authstring authvalue htpasswd netrc dockerconfigjson dockercfg
  samlresponse samlassertion clientassertion seedphrase mnemonic securityanswer recoveryphrase recoveryseed walletseed backupphrase
  requirepass masterauth pgpass pw cvn tancode magiccode streamkey walletkey replicasetkey enrollmentgroupkey recoverykey apppem
  vapidprivate rsaprivate ecprivate privatepem totpuri totpurl otpuri otpurl otpauth mfaseed otpseed xprv whsec saml2response keytabdata
  keytabbase64 aspxauth antiforgery phpsession smsession shibsession
  kennwort motdepasse contrasena contrasenya senha wachtwoord heslo losenord adgangskode salasana
  cvv cvc cvv2 cvc2 cardcvv
`);

/** Words that name a credential unless a neighbour says otherwise; counters and ids share them. */
export const likelyWords = words(
  'token tokens session sess signature sig hmac sid pat pass csrf xsrf salt assertion cert certs certificate certificates',
);

/** Words that decide nothing alone: `{ key, value }`, `code: "USD"`, `state: "open"`. names.ts and the context decide. */
export const weakWords = words('key auth code state private crypt sign sso saml pepper authentication');

/** Names of products' own that no rule finds, whole and squeezed. */
export const productNames = words(`
  azurewebjobsstorage cypressrecordkey kvurl cloudinaryurl telegramapihash pagerdutyroutingkey duoskey airflowcoresqlalchemyconn
  sqlalchemyconn plexclaim snmpcommunity snmpcommunitystring xjfrogartapi jenkinscrumb wssesecurity masterhostkey keycloakidentity
  alertmanagerslackapiurl slackapiurl arweavejwk solanakeypair docusignrsa notificationhubconnection searchquerykey macaroon
  enablesecret enablepassword nomadencrypt consulencrypt intercomhash userhash keycloakidentitylegacy hsid sapisid apisid cosmosdbprimarykey cosmosdbsecondarykey ltpatoken oamauthncookie dockerauthconfig yarnnpmauthident npmauthident celeryresultbackendurl
`);

/** A store's or a broker's address holds its password: `REDIS_TLS_URL`. */
export const storeWords = words(
  'redis postgres postgresql mysql mongo mongodb mariadb amqp amqps rabbitmq jdbc database',
);

/** All words of a row together name a personal number: its digits go, an object of that name is only looked into. */
export const personalWords: readonly (readonly string[])[] = [
  ['ssn'],
  ['social', 'security'],
  ['credit', 'card'],
  ['card', 'number'],
  ['cc', 'number'],
  ['account', 'number'],
  ['bank', 'account'],
  ['routing', 'account'],
  ['routing', 'number'],
];

export const synonyms: Readonly<Record<string, string>> = { acc: 'account', num: 'number' };

/** Last words that make a name speak about a secret: `password_length`, `secret_name`, `cookie_policy`. */
export const aboutWords = words(`
  length len size count type types kind policy policies strength expires expire expiry expiration expired ttl age at on date time
  timestamp enabled disabled required changed updated created rotated rules rule name names label labels file files path paths
  url urls uri uris endpoint endpoints domain consent banner notice preferences settings status scheme format algorithm alg
  method methods supported version versions arn manager provider server servers level limit attempts retries history issuer
  location source sid sids header prefix protected protection scanning screen page field_name
  days hours minutes seconds ms lifetime timeout mode amount currency requirement requirements check checks failures namespace prevention
  reuse used schema subject placement mapping mappings class site only set driver dir
  permissions permission scopes scope description complexity lowercase uppercase allowed backend purpose category categories duration law
  accepted digits interval period match collected verified configured leeway skew fingerprint autofill visible toggle score ballot ingredient unlocked spacing recipe flavor sold
  expiring soon channel after template rotation brand month year four directory audience region supported
`);

/** First words that make a name a question or a bound: `has_password`, `with_credentials`, `max_cookies`. */
export const askingWords = words(
  'must force automount has have is with use uses using needs require requires allow allows enable enables disable can should max min num supports show shows hide skip include includes collect accept accepts ask auto',
);

/** Behind a secret word, words that make even a longer rest speak about it: `password_expiration_policy_v2`. */
export const spanWords = words('policy expires expire expiry expiration expired lifetime manager banner consent');

/** Words of GitHub's and others' feature names, anywhere in the name. */
export const featureWords = words('scanning introspection revocation passwordless');

export const tokenBenignBefore = words(`
  next prev previous page pages pagination continuation cursor scroll sync max min num number total count prompt completion cached
  cache reasoning reserved used remaining public publishable stop eos bos pad unk special mask native erc nft governance
  start end skip resume delta change watch list offset lock cancel cancellation syntax design semantic sep cls first last per
`);
export const tokenBenignAfter = words(`
  type types count counts counter usage limit limits id ids name names url urls uri uris endpoint endpoints expires expire expiry
  expiration expired ttl lifetime length size max min budget price address symbol decimals supply contract standard program
  file path format scheme status state created updated issued at introspection revocation header prefix per bucket rate info
  index position offset class kind version ratio used method methods auth algorithm alg validity seconds minutes left remaining
  last details config placement supported valid scope scopes description policy policies period num bound balance balances amount
  interval timeout store rotation permissions minted burned sold sale distribution economics network ticker logo creator launch
  holders colors source provider issuer audience required enabled start end logprobs offsets decoder estimate window throughput cost classification embeddings mixing dropout masking pooling
`);

/** Directly before `token` they leave no doubt: what stands further before does not matter. */
export const firmBefore = words('access refresh bearer auth api bot id session personal user');
/** Before even those, a bound or a number: `max_access_tokens`. */
export const countingWords = words('max min num number total count public per');
/** Counters of language models, in the plural only: `input_tokens`. */
export const tokensBenignBefore = words(
  'input output audio image text prediction predicted avg average accepted rejected thinking context billed tool budget cost rate limit n usage used generated truncated prefill draft chunk overlap size embedding bias evaluated past million added',
);
export const tokensBenignAfter = words(
  'in out total window throughput cost estimate evaluated predicted cached generated used consumed saved reset',
);

export const keyBenignBefore = words(`
  primary foreign sort partition range row composite hash idempotency cache public publishable unique natural surrogate candidate
  index idx bucket object s3 group lookup dedup dedupe deduplication message msg routing translation i18n locale label map dict
  json field column property prop attribute metadata meta config setting option feature flag issue project parent epic board space
  event metric tag template path file item entity entry resource record document doc node edge chart series param parameter
  query hot short arrow enter return escape shift control alt cmd modifier fn num caps tab delete backspace home end page
  print up down left right any music major minor song turn order batch job queue topic task workflow step variable var name type
  kind status code error reason country currency language product plan price category region zone segment dimension aggregation
  facet filter match join link ref reference external source target dest destination first last next prev previous start
  evaluated exclusive continuation pagination cursor custom component style set schema sequence correlation
  request trace span etag sync distinct storekey by as of for on in the answer question legend sub id
  database table rank search menu nav content asset image media slug url uri cluster
  shortcut ctrl after before offset topology window websocket lodestone
`);

/** Keys of these are credentials at one vendor and names at another: their text decides. */
export const keyContextBefore = words('host function team');

/** In headers only these make a key something else: `X-Idempotency-Key`. */
export const headerKeyBenign = words(
  'idempotency public publishable cache sort primary partition object surrogate request dedup routing i18n websocket',
);

export const sessionBenign = words(`
  duration timeout count name names type types start started end ended created updated status state length date time max active
  total number num affinity expires expiry expiration ttl age lifetime title topic speaker speakers min idle seconds minutes ms
  policy mode stats summary limit location url uri persistence sticky checkout off driver index description notes level track room
  capacity size store storage provider recording replay sample rate quality score source medium campaign feedback rating attendance
  abstract format language resolution chair moderator pool factory class keepalive fee instructor slots tags ticket
`);
export const csrfBenign = words('name names header headers enabled protection trusted exempt age domain path');
export const assertionBenign = words('count counts passed failed total results library method');
export const signatureBenign = words(`
  type types algorithm alg method methods version versions date count required name names url uri status key function email help
  format scheme block page field_name image location position request requests header headers verified valid validity timestamp at level
  supported algorithms color colour style dish cocktail
`);
export const signatureBenignBefore = words('email time key function method type block call require requires');
export const pinBenignBefore = words('gpio map drop bowling');
export const pinBenignAfter = words(
  'gpio count map drop board layout location color colour icon x y id ids type mode index label name header tab post top',
);
export const passBenign = words(
  'low high filter cutoff yield first second mark threshold completion attempts yards count rate test tests boarding season through band fail failed percentage date time age number fraction rates by type id name status list port day',
);
export const saltBenign = words('content level low length size rounds count lake');
export const certificateBenign = words(
  'sid ca dir directory id ids count type types name names status expires expiry expiration expired path file url uri authority authorities arn subject date at serial fingerprint thumbprint transparency validation level title program gift provider manager template alias',
);
/** Only behind it: an `issuer_certificate` is one. */
export const certificateBenignAfter = words('issuer valid until format chain length days version course');
/** `sid` is a session only in such company; Twilio's account_sid and its like are ids. */
export const sidCompany = words(
  'connect session php express web auth cookie my sails koa rack flask symfony fastapi django rails node secure host',
);
/** `GITHUB_PAT`: a personal access token in such company. */
export const patCompany = words(
  'github gh gitlab azure devops ado ext airtable vsce ovsx jira atlassian bitbucket figma git access user api token my npm snowflake',
);
/** `requires_auth`, `no_auth` and the names of a document's security schemes. */
export const authBenign = words('no two factor oauth default noauth disable require required needs skip');

/** Words that may trail a key's name without changing it: `STRIPE_KEY_TEST`, `key1`. */
export const trailingWords = words(
  'p p8 pem p12 pkcs8 der base64 b64 encoded plain field input value prod production live test testing dev staging sandbox secondary current backup old new raw hex',
);

/** Only for taking written-together names apart: `mysqlpwd`, `useraccesstoken`. */
export const plainWords = words(`
  user username my client app application service server db database mysql postgres mongo redis aws azure gcp google github gitlab
  stripe slack twilio sendgrid field input old new confirm confirmation repeat current access refresh api web hook webhook login
  admin root ssh tls ssl ca private x http https proxy basic account acc num number bank card credit cc routing social security
  two factor step one id ids self data value string hash hashed encrypted encoded raw temp tmp default device auth master email sms
  verify verification oauth oidc sso saml customer merchant partner tenant bot consumer personal store key code state word board
  phrase bearer nonce reset shared secret signing sign license install issuer stored ssn secure bb ff bind zoom setup instrumentation record host
`);

/** Long enough that no ordinary word contains them. */
export const tellingParts =
  /passw|passphrase|apikey|privatekey|secretkey|accesskey|accesstoken|refreshtoken|authtoken|sessionid|sessiontoken|clientsecret|credential|connectionstring|bearertoken|(?:secret|token|passwd|pwd)$/;

/** Every spelling that the tables above know contains one of these; a name without them needs no further look. */
export const roots =
  /pass|pw|pswd|pswrd|secret|cred|token|key|auth|sess|cooki|sig|pin|otp|jw[tes]|bearer|code|state|sid|salt|cert|card|acc|bank|rout|ssn|social|cv[vcn]|2fa|csrf|xsrf|sas|dsn|conn|url|uri|factor|seed|mnemonic|netrc|docker|saml|assert|cc|answer|priv|crypt|pepper|sso|hmac|psk|pat$|dpop|forgery|cek|phrase|verif|hash$|xprv|whsec|tancode|pem$|kennwort|contrasen|senha|wachtwoord|heslo|losenord|kode$|salasana/;

/** Words of other scripts for password, token and secret. */
export const foreignWords =
  /密码|密碼|口令|パスワード|暗証番号|비밀번호|парол|токен|секрет|סיסמ|كلمة المرور|รหัสผ่าน|mật khẩu|şifre|contraseñ/;
