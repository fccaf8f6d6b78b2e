// The schema, as steps forward. A released step is never edited; a change is a new step at the end.
// A database with more steps than this code knows was made by a newer version and is refused.

const vaultAndJournal = `
CREATE TABLE vault (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  format INTEGER NOT NULL,
  vault_id TEXT NOT NULL,
  key_source TEXT NOT NULL,
  key_id TEXT NOT NULL,
  kdf TEXT NOT NULL,
  nonce BLOB NOT NULL,
  wrapped_key BLOB NOT NULL,
  tag BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  manifest BLOB NOT NULL
) STRICT;
CREATE TABLE handle (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  label TEXT,
  origins TEXT NOT NULL,
  path_allowed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  expires_at INTEGER,
  version INTEGER NOT NULL,
  nonce BLOB NOT NULL,
  ciphertext BLOB NOT NULL,
  tag BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE handle_use (
  handle_id TEXT PRIMARY KEY REFERENCES handle (id) ON DELETE CASCADE,
  uses INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_request ON journal (json_extract(event, '$.requestId'), seq) WHERE json_extract(event, '$.requestId') IS NOT NULL;
CREATE INDEX journal_ends ON journal (json_extract(event, '$.correlationId')) WHERE json_extract(event, '$.type') = 'end';
CREATE TABLE journal_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  mac TEXT NOT NULL
) STRICT;
`;

// The newest trusted text of each configuration file; an edit or a copy elsewhere has another hash or path.
const trustedConfig = `
CREATE TABLE trusted_config (
  file TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  text TEXT NOT NULL,
  trusted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

// What was trusted before this step raised whatever had a listed name; now it raises nothing until it is trusted again.
const raisedIds = `
ALTER TABLE trusted_config ADD COLUMN raised TEXT NOT NULL DEFAULT '[]';
`;

// What was trusted before this step carries no proof, so it is not trusted until the operator trusts it again.
const trustMac = `
ALTER TABLE trusted_config ADD COLUMN mac TEXT NOT NULL DEFAULT '';
`;

// A name may have a reading and a writing credential, and each may be allowed in less than every place, method and number of uses.
// SQLite cannot change a table's constraints: it is made anew. The counts of uses refer to it, so they wait outside.
const custody = `
CREATE TABLE handle_use_kept (handle_id TEXT PRIMARY KEY, uses INTEGER NOT NULL, last_used_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO handle_use_kept SELECT handle_id, uses, last_used_at FROM handle_use;
DROP TABLE handle_use;
CREATE TABLE handle_new (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  label TEXT,
  origins TEXT NOT NULL,
  path_allowed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  expires_at INTEGER,
  tier TEXT NOT NULL,
  places TEXT,
  methods TEXT,
  max_uses INTEGER,
  source TEXT NOT NULL,
  rotated_at INTEGER,
  version INTEGER NOT NULL,
  nonce BLOB NOT NULL,
  ciphertext BLOB NOT NULL,
  tag BLOB NOT NULL,
  UNIQUE (name, tier)
) STRICT, WITHOUT ROWID;
INSERT INTO handle_new (id, name, label, origins, path_allowed, created_at, updated_at, expires_at, tier, source, version, nonce, ciphertext, tag)
  SELECT id, name, label, origins, path_allowed, created_at, updated_at, expires_at, 'reading', 'value', version, nonce, ciphertext, tag FROM handle;
DROP TABLE handle;
ALTER TABLE handle_new RENAME TO handle;
CREATE TABLE handle_use (
  handle_id TEXT PRIMARY KEY REFERENCES handle (id) ON DELETE CASCADE,
  uses INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO handle_use SELECT handle_id, uses, last_used_at FROM handle_use_kept;
DROP TABLE handle_use_kept;
`;

// Keys that are or were about to be stored while one takes the place of another: whoever finds such a note removes the key.
const spareKeys = `
CREATE TABLE spare_key (
  key_id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  mac BLOB NOT NULL
) STRICT, WITHOUT ROWID;
`;

// Who may call over HTTP, what the operator was asked, and where the journal begins after its older entries were removed. A caller keeps
// its id when its key is made anew; a mac vouches for each row with a key outside of the database.
const gate = `
CREATE TABLE access_key (
  key_id TEXT PRIMARY KEY,
  caller_id TEXT NOT NULL,
  name TEXT NOT NULL,
  digest BLOB NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  mac TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_key_by_name ON access_key (name);
CREATE TABLE access_use (
  key_id TEXT PRIMARY KEY REFERENCES access_key (key_id) ON DELETE CASCADE,
  last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE approval (
  id TEXT PRIMARY KEY,
  caller_id TEXT NOT NULL,
  caller_name TEXT NOT NULL,
  key_id TEXT,
  digest TEXT NOT NULL,
  question TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  ends_at INTEGER,
  answer TEXT NOT NULL,
  answered_at INTEGER,
  mac TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX approval_by_call ON approval (caller_id, digest);
CREATE TABLE journal_base (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  mac TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_principal ON journal (json_extract(event, '$.principal'), seq) WHERE json_extract(event, '$.principal') IS NOT NULL;
`;

// Entries that answer what an earlier one says a person was asked.
const answers = `
CREATE INDEX journal_answers ON journal (json_extract(event, '$.askedIn')) WHERE json_extract(event, '$.askedIn') IS NOT NULL;
`;

export const migrations: readonly string[] = [
  vaultAndJournal,
  trustedConfig,
  raisedIds,
  trustMac,
  custody,
  spareKeys,
  gate,
  answers,
];
