import type { Recorded } from './wire-recorder.ts';

export interface Difference {
  readonly part: 'method' | 'target' | 'body' | 'header';
  /** Lower-case name of the header. */
  readonly header?: string;
  readonly newman: string;
  readonly keyward: string;
  readonly method: string;
}

/** Stands for a header that was not sent. */
export const ABSENT = '(absent)';

/** Headers that are the client's own, as each client sends them when the request does not set them. */
const clientHeaders: Readonly<Record<string, readonly RegExp[]>> = {
  'user-agent': [/^PostmanRuntime\/[\d.]+$/, /^keyward\/[\d.]+$/],
  'postman-token': [/^[0-9a-f-]{36}$/],
  'cache-control': [/^no-cache$/],
  accept: [/^\*\/\*$/],
  'accept-encoding': [/^gzip, deflate, br$/],
  connection: [/^keep-alive$/],
};

/** Compares two recorded requests; header order and case, and the text of a boundary, do not count. */
export function compareRecorded(newman: Recorded, keyward: Recorded): readonly Difference[] {
  const [left, right] = [normalised(newman), normalised(keyward)];
  const { method } = newman;
  const parts = (['method', 'target', 'body'] as const).flatMap((part): Difference[] =>
    left[part] === right[part] ? [] : [{ part, newman: left[part], keyward: right[part], method }],
  );
  const names = [...new Set([...left.headers.keys(), ...right.headers.keys()])].sort();
  const headers = names.flatMap((header): Difference[] => {
    const [a, b] = [left.headers.get(header), right.headers.get(header)].map((values) => values?.join('\n') ?? ABSENT);
    return a === b ? [] : [{ part: 'header', header, newman: a ?? ABSENT, keyward: b ?? ABSENT, method }];
  });
  return [...parts, ...headers];
}

function normalised({ method, target, headers, body }: Recorded) {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(type)?.[1];
  const unbounded = (text: string) => (boundary ? text.replaceAll(boundary, 'BOUNDARY') : text);
  const grouped = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (clientHeaders[lower]?.some((own) => own.test(value))) continue;
    grouped.set(lower, [...(grouped.get(lower) ?? []), unbounded(value)].sort());
  }
  return { method, target, body: unbounded(body.toString('latin1')), headers: grouped };
}
