// Every number of the product, with its unit in the name.

const KIB = 1024;
const MIB = 1024 * KIB;

export const limits = {
  collectionFileBytes: 64 * MIB,
  configFileBytes: 64 * KIB,
  /** A bundle of all public authorities takes a quarter of this. */
  certificateFileBytes: 1 * MIB,
  ignoreFileBytes: 256 * KIB,
  ignorePatterns: 5_000,
  /** Parts between the slashes of one pattern of an ignore file or glob of a configuration. */
  patternParts: 256,
  workspaceFiles: 20_000,
  workspaceEntries: 500_000,
  workspaceDepth: 24,
  /** How long the event loop may be kept by loading files. */
  sliceMs: 10,
  /** A batch of changes starts after this long without one, and at the latest this long after its first. */
  watchQuietMs: 10,
  watchLatestMs: 60,
  /** Below the length of Linux's queue of events, which drops what does not fit and does not tell us. */
  watchEvents: 4_096,
  /** Held up for so long, the queue may have overflowed too. */
  watchStallMs: 150,
  lookEveryMs: 2_000,
  /** How often everything is compared with the disk, for events that never came. */
  compareEveryMs: 30_000,
  /** Longer than the steps in which file systems count time: a file that is younger than this may change without a trace. */
  fileTimeStepMs: 50,
  itemDepth: 64,
  /** How deep a tool's arguments may nest, and a structure that stands where a text is wanted. */
  valueDepth: 200,
  fileProblems: 20,
  /** Requests of one file of the formats that are read request by request. */
  fileRequests: 50_000,
  /** Characters of a file of shell commands, and of its words once they are read; its words and operators. */
  shellChars: 2 * MIB,
  shellTokens: 200_000,
  /** Options of shell commands, counted once for each URL that they apply to, in one file. */
  shellOptionUses: 2_000_000,
  /** What the environments of http-client.env.json share, in characters and counted once for each of them. */
  sharedEnvironmentChars: 8 * MIB,
  /** Of one .bru file, which holds one request. */
  bruFileChars: 4 * MIB,
  /** Blocks, pairs and items of lists in one .bru file. */
  bruEntries: 100_000,
  dotEnvChars: 1024 * KIB,
  /** Levels in which environments extend each other. */
  environmentDepth: 32,
  /** Environments that one collection brings along, and their variables, where each inherited one counts again. */
  collectionEnvironments: 10_000,
  environmentVariables: 500_000,
  /** Variables in the environments of one Insomnia file, any of which may refer to any other. */
  exportedVariables: 25_000,
  /** One request, folder definition or example of a Postman folder; a body of any length is a single token. */
  requestYamlBytes: 4 * MIB,
  requestYamlTokens: 200_000,
  /** Values, and lines and escapes of texts, in one YAML file. */
  yamlValues: 5_000_000,
  /** Of a YAML file that has more than plain YAML, which a general parser reads some fifty times slower. */
  yamlDocumentChars: 16 * MIB,
  yamlDocumentTokens: 500_000,
  /** Values that a document may have with its aliases written out: so many, or so many times its own. */
  yamlAliasedValues: 10_000,
  yamlAliasRatio: 10,

  /** Wall time of one phase of scripts, without the time that the requests take which they send; the most that can be configured. */
  scriptMs: 1_000,
  maxScriptMs: 30_000,
  /** How long before its end guest code is interrupted, and this share of it at the most; the rest is for what no interrupt reaches. */
  scriptRestMs: 50,
  scriptRestShare: 0.2,
  /** Linear memory of the module that scripts run in. */
  scriptMemoryBytes: 64 * MIB,
  /** A module whose memory has grown beyond this is thrown away after the run. */
  scriptKeptBytes: 40 * MIB,
  /** A thread for scripts goes when it has had nothing to do for so long. */
  scriptIdleMs: 60_000,
  /** Runs of one caller that wait for a thread, and how long one waits. */
  scriptQueue: 64,
  scriptWaitMs: 10_000,
  /** For a thread to be ready. */
  scriptThreadStartMs: 10_000,
  scriptStackBytes: 512 * KIB,
  scriptSourceChars: 1024 * KIB,
  /** Characters of a body that scripts are given, and bytes of the JSON text of all that they are given; above that they are not run. */
  scriptBodyChars: 4 * MIB,
  scriptJobBytes: 8 * MIB,
  /** Characters of everything that one phase gives back, and of all that it asks of the host. */
  scriptOutputChars: 2 * MIB,
  /** Braces, colons and the like in the texts of it that secrets are looked for in. */
  scriptTextMarks: 100_000,
  /** Brackets, commas and colons of the same: what reading it costs is in them. */
  scriptOutputMarks: 50_000,
  /** Fields of a request's auth. */
  scriptAuthFields: 200,
  /** Promises that are rejected and not handled, at once. */
  scriptRejections: 10_000,
  /** Jobs (continuations of promises) of one phase. */
  scriptJobs: 200_000,
  scriptTimers: 1_000,
  /** Requests that the scripts of one execution send, those of requests that they run included. */
  scriptSends: 20,
  /** How deep a script may run a request whose script runs one. */
  scriptDepth: 3,
  /** Requests of one script that are under way at once; the others wait. */
  scriptSendsAtOnce: 6,
  /** Addresses written out in the sources of one request's scripts that are looked at for where its inline secrets may go. */
  statedOrigins: 1_000,
  /** Executions with scripts that wait for a person: how many, how many of those in the middle of a script, and for how long. */
  keptScriptings: 64,
  waitingScripts: 4,
  keptScriptingMs: 600_000,
  scriptTests: 1_000,
  /** Of a visualizer's data that is kept, as JSON. */
  scriptVisualizerChars: 50_000,
  scriptConsoleLines: 200,
  scriptWrites: 1_000,
  /** What scripts wrote, of one caller, in characters and in variables. */
  sessionChars: 4 * MIB,
  sessionVariables: 5_000,
  /** Callers whose sessions are held. */
  sessionCallers: 1_000,
  /** Of what they stored as secrets so many, and so many characters, are looked for in what scripts say. */
  writtenKnown: 256,
  writtenKnownChars: 64 * KIB,
  /** Computations over secrets in one phase, and how deep they nest. */
  derivedValues: 256,
  derivedDepth: 16,
  /** Characters of the nonce of live references that are nothing else, wherever they stand. */
  liveNonceRest: 8,
  /** Those of one request as it is sent, counted again wherever one stands; the bytes that they read and the rounds of PBKDF2 that they take. */
  derivedInRequest: 1_024,
  derivedBytes: 64 * MIB,
  derivedRounds: 2_000_000,
  /** Characters of their results that answers are searched for, and how many of those an origin is remembered with. */
  derivedKnownChars: 128 * KIB,
  derivedRemembered: 32,

  templateDepth: 20,
  renderedBytes: 50 * MIB,
  renderedReferences: 500_000,
  variableNameChars: 512,

  requestBodyBytes: 50 * MIB,
  urlChars: 64 * KIB,
  headerValueChars: 64 * KIB,
  requestHeaders: 200,

  responseBodyBytes: 10 * MIB,
  maxResponseBodyBytes: 256 * MIB,
  /** Names and values of one header block; one value of a megabyte fits. */
  responseHeaderBytes: 2 * MIB,
  /** Fields that are kept of an answer's header, and of its trailers. */
  responseHeaders: 1_000,
  /** Lines of one header block that are read at all: each costs some hundred bytes, however short it is. */
  responseHeaderLines: 20_000,
  interimAnswers: 1_000,
  interimAnswerBytes: 16 * KIB,
  /** Of an answer whose redirect is followed, which nobody sees. */
  redirectBodyBytes: 64 * KIB,
  contentEncodings: 5,
  timeoutMs: 30_000,
  maxTimeoutMs: 600_000,
  /** How far the clock may be behind the storing of a secret that expires before its expiry counts as unknown. */
  clockStepBackMs: 300_000,
  connectTimeoutMs: 10_000,
  redirects: 5,
  maxRedirects: 20,
  networkPools: 32,
  poolConnections: 16,

  /** One message of a client, before it is parsed. */
  frameBytes: 64 * MIB,
  resultChars: 32_000,
  bodyChars: 20_000,
  maxBodyChars: 48_000,
  /** Of a body that is given in base64: what `maxBodyChars` holds. */
  shownBytes: 36_000,
  /** Of a document that is shown as readable text. */
  readableHtmlChars: 2 * MIB,
  keptResponses: 50,
  keptResponseBytes: 64 * MIB,
  keptResponseMs: 30 * 60_000,
  pageSize: 20,
  maxPageSize: 200,
  shownNameChars: 120,
  journalNameChars: 200,

  promptProblemChars: 4_000,
  selectChars: 1_000,
  /** Values visited and characters made while one expression is applied to a body. */
  selectSteps: 20_000_000,
  /** JSON characters, at the least, of what a selection gives. */
  selectedChars: 16 * MIB,
  shapeDepth: 8,
  shapeKeys: 60,
  shapeExampleChars: 80,

  redactDepth: 500,
  redactNodes: 2_000_000,
  /** Bytes that may be decoded and unpacked out of one answer to look inside, and how many more for each of its characters. */
  redactWorkBytes: 8 * MIB,
  redactWorkPerChar: 6,
  secretMinScrubChars: 8,
  /** What answers minted is remembered of so many origins, so many values and cookies each. */
  mintedOrigins: 64,
  mintedValues: 128,
  mintedCookies: 32,
  mintedChars: 8_192,
  /** Of the answers to one call, with their redirects, so many cookies are looked for, and so many characters of them. */
  tripCookies: 128,
  tripCookieChars: 64 * KIB,
  /** Captured tokens of one caller, of all callers, and of one answer. */
  capturedTokens: 256,
  capturedTokensInAll: 4_096,
  capturedInAnswer: 32,
  capturedMs: 12 * 60 * 60_000,
  /** Jars of cookies, one for each caller and environment; cookies of one, and of one domain in it. */
  cookieJars: 32,
  jarCookies: 300,
  domainCookies: 60,
  /** Name and value of a cookie, as in browsers; a whole Set-Cookie field; what a Cookie header takes from the jar. */
  cookieChars: 4_096,
  setCookieChars: 8 * KIB,
  cookieHeaderChars: 16 * KIB,
  /** Tokens of OAuth 2 that are kept for later calls, and how long one whose lifetime the server does not tell. */
  oauthTokens: 256,
  oauthUnknownLifetimeMs: 10 * 60_000,
  /** Ten years: what a server says beyond that cannot be meant, and more would be no date any more. */
  oauthLifetimeS: 10 * 365 * 24 * 3_600,
  /** A token is not used so shortly before its end, or in the last quarter of a life that is short. */
  oauthExpirySkewMs: 30_000,
  /** A server's clock that differs by no more is never why it refuses an assertion. */
  oauthClockToleranceMs: 5_000,
  oauthAnswerBytes: 256 * KIB,
  /** How often, and after what pause, a refresh token that was refused is looked for anew: another process may be replacing it. */
  oauthRereads: 4,
  oauthRereadMs: 250,
  /** How much later a device is to ask that asks too often (RFC 8628 section 3.5). */
  oauthSlowDownMs: 5_000,
  /** How often it may ask at the most, whatever the server says. */
  oauthDevicePauseMs: 1_000,
  /** How long a person may take to log in. */
  loginMs: 10 * 60_000,
  /** How often a request is sent again because its answer asks for authentication. */
  authRounds: 3,
  secretChars: 64 * KIB,
  secretNameChars: 128,
  /** What a new passphrase has at the least, of a vault or of a backup. */
  passphraseBytes: 12,
  /** Of what holds a key or a passphrase: a file, a credential, a file descriptor. */
  keyFileBytes: 4 * KIB,
  backupBytes: 64 * MIB,
  /** Of one kind in one configuration. */
  providers: 64,
  /** Programs that run at once for secrets; who comes then waits in a queue. */
  providerPrograms: 8,
  /** Files of variables that are looked at for changes before each call. */
  providerFiles: 64,
  /** How long a program that ended well may leave its output open to a child that says nothing more. */
  providerLingerMs: 200,
  providerTimeoutMs: 10_000,
  maxProviderTimeoutMs: 120_000,
  providerCacheSeconds: 300,
  maxProviderCacheSeconds: 86_400,
  /** What a program may print, and a file of variables or an answer of a vault may hold, to have one secret taken out of it. */
  providerOutputBytes: 64 * KIB,
  providerFileBytes: 1 * MIB,
  providerAnswerBytes: 1 * MIB,
  /** Values from outside in memory, and of how many handles which values are remembered that were sent before, for the scrubber. */
  providerValues: 1_024,
  providerHandles: 4_096,
  providerValuesOfHandle: 8,

  /** How far apart a client is told that its resources are others. */
  listChangedEveryMs: 250,
  approvalMs: 10 * 60_000,
  /** Questions to a person about what the scripts of one execution send. */
  approvalRounds: 5,
  /** Variables, headers and query parameters of an agent, all together, that a person is shown in one question. */
  askedEntries: 50,
  progressEveryMs: 2_000,
  /** How long calls under way may take to stop when the client goes away. */
  drainMs: 5_000,
} as const;
