const codes: Readonly<Record<string, number>> = {
  InvalidCharacterError: 5,
  DataCloneError: 25,
  QuotaExceededError: 22,
};

/** As browsers have it, with the codes of the errors that are thrown here. */
export class DOMException extends Error {
  readonly code: number;

  constructor(message = '', name = 'Error') {
    super(message);
    Object.defineProperty(this, 'name', { value: name, configurable: true });
    this.code = codes[name] ?? 0;
  }
}
