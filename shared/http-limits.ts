// Every number of serving over HTTP: what holds where http.yaml says nothing, the most that it can say, and what it has no word for.

const KIB = 1024;
const MIB = 1024 * KIB;
const MINUTE_MS = 60_000;

export const httpDefaults = {
  port: 8_399,
  bodyBytes: 4 * MIB,
  perKey: { perMinute: 600, concurrent: 16, bytesPerMinute: 64 * MIB },
  perCaller: { perMinute: 1_200, concurrent: 32, bytesPerMinute: 128 * MIB },
  global: { perMinute: 12_000, concurrent: 64, bytesPerMinute: 1_024 * MIB },
  perOrigin: { perMinute: 1_200 },
  connections: 2_048,
  connectionsPerAddress: 256,
  drainMs: 20_000,
  /** Shorter than the minute after which clients commonly give a call up. */
  approvalWaitMs: 50_000,
  checkpointMinutes: 60,
} as const;

export const httpMost = {
  bodyBytes: 64 * MIB,
  perMinute: 1_000_000,
  concurrent: 10_000,
  bytesPerMinute: 1_024 * 1_024 * MIB,
  connections: 100_000,
  drainMs: 10 * MINUTE_MS,
  approvalWaitMs: 10 * MINUTE_MS,
  keepDays: 3_650,
  checkpointMinutes: 7 * 24 * 60,
  /** Entries of a list, and claims. */
  entries: 1_000,
  issuers: 20,
  claims: 64,
  /** Of an address, a name or a path of a claim. */
  textChars: 2_048,
} as const;

/** What nothing sets. */
export const gateLimits = {
  /** Of one request over HTTP: its head, in bytes and in fields, and how long head and body may take to come. */
  headBytes: 32 * KIB,
  headers: 100,
  headMs: 10_000,
  bodyMs: 30_000,
  /** A connection without a request is closed after this: longer than the minute that proxies keep one. */
  idleMs: 65_000,
  /** A client that takes nothing of its answer for so long is cut off. */
  stallMs: 30_000,
  /** A call that takes longer is answered as a stream, with a sign of life this often. */
  keepAliveMs: 15_000,
  /** How often connections are looked through for the first two. */
  checkMs: 1_000,
  /** How often is told that connections were closed because there were too many. */
  crowdMs: MINUTE_MS,
  /** A refused body is read and thrown away for so long and up to so many bytes: a client that still sends would not see the refusal. */
  lingerMs: 1_000,
  lingerBytes: 16 * MIB,
  /** How deep a message may nest: its arguments and what is around them. */
  messageDepth: 256,
  /** Of how many values it may be made: what is done for each takes far longer than to read it. */
  messageValues: 20_000,
  /** Of what a client says that it is called. */
  clientNameChars: 200,
} as const;
