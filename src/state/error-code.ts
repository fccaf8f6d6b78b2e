// Turns what the driver and the system throw into a code that is safe to show: never their message.

// https://www.sqlite.org/rescode.html: primary result codes, for errors that the driver gives only as a number.
const PRIMARY: Readonly<Record<number, string>> = {
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  15: 'SQLITE_PROTOCOL',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  23: 'SQLITE_AUTH',
  26: 'SQLITE_NOTADB',
};

/** SQLite's code (`SQLITE_FULL`) of an error thrown by the driver; `SQLITE_ERROR` where it has none. */
export function sqliteCode(error: unknown): string {
  if (!(error instanceof Error)) return 'SQLITE_ERROR';
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^SQLITE_[A-Z_]{2,40}$/.test(code)) return code;
  const raw: unknown = 'rawCode' in error ? error.rawCode : undefined;
  // A failed open is a plain error whose text ends in the result code.
  const number = typeof raw === 'number' ? raw : Number(/: (\d{1,5})"?\)?$/.exec(error.message)?.[1] ?? Number.NaN);
  return PRIMARY[number & 0xff] ?? 'SQLITE_ERROR';
}

/** The system's code (`EACCES`) of a failed file operation; `EIO` where it has none. */
export function systemCode(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]{2,20}$/.test(code) ? code : 'EIO';
}
