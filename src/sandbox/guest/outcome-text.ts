// Texts that leave the sandbox for people: without the marks of live references, and bounded.
const MAX_CHARS = 4_000;

/** At most 4,000 characters; what is cut off is said. */
export function bounded(text: string): string {
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS)}… (${text.length - MAX_CHARS} more characters)`;
}

export interface ThrownError {
  readonly name: string;
  readonly message: string;
}

/** What a script threw, which can be anything. */
export function describeThrown(thrown: unknown): ThrownError {
  try {
    if (typeof thrown !== 'object' || thrown === null) return { name: 'Error', message: String(thrown) };
    const { name, message } = thrown as { name?: unknown; message?: unknown };
    return {
      name: typeof name === 'string' && name !== '' ? name : 'Error',
      message: typeof message === 'string' ? message : JSON.stringify(thrown),
    };
  } catch {
    return { name: 'Error', message: 'The script threw a value that cannot be shown' };
  }
}

/** An assertion's message says it all; of other errors the kind matters. */
export function thrownMessage(thrown: unknown): string {
  const { name, message } = describeThrown(thrown);
  return name === 'AssertionError' || name === 'Error' ? message : `${name}: ${message}`;
}
