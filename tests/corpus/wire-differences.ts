// Every way in which Keyward's requests differ from newman's, beside the client's own headers, and why. A difference
// without a row fails the test, and so does a row without a difference.
import { ABSENT, type Difference } from './wire-compare.ts';

export interface DifferenceRow {
  readonly what: string;
  readonly why: string;
  readonly covers: (difference: Difference) => boolean;
}

export const wireDifferences: readonly DifferenceRow[] = [
  {
    what: 'Connection: close on HEAD',
    why: 'undici closes the connection after a HEAD, so that a server that sends a body with it cannot shift later answers',
    covers: ({ header, method, newman, keyward }) =>
      header === 'connection' && method === 'HEAD' && newman === ABSENT && keyward === 'close',
  },
  {
    what: 'no Content-Length: 0 on a method without body',
    why: 'RFC 9110 8.6 asks for it only where the method expects a body; newman sends it for every uncommon method',
    covers: ({ header, method, newman, keyward }) =>
      header === 'content-length' && method === 'COPY' && newman === '0' && keyward === ABSENT,
  },
];

export interface CaseDifference {
  readonly why: string;
  /** Header or part, newman's value, Keyward's value. */
  readonly differences: readonly (readonly [where: string, newman: string, keyward: string])[];
}

/** The differences of the hand-written cases, by the name of the case. */
export const caseDifferences: Readonly<Record<string, CaseDifference>> = {
  'disabled in the environment': {
    why: 'Postman exports a disabled variable with enabled: false and does not use it; newman knows only disabled: true',
    differences: [['target', '/disabled', '/from%20collection']],
  },
  headers: {
    why: 'two headers whose names differ in case only: both are sent, newman sends the last',
    differences: [['x-two', 'b', 'a\nb']],
  },
  'repeated form fields': {
    why: 'fields are sent in the order of the file; newman moves a repeated one to the first of its name',
    differences: [['body', 'a=1&a=3&b=2', 'a=1&b=2&a=3']],
  },
  'multipart field name with a quote': {
    why: 'a quote in a name would end it (WHATWG HTML 4.10.21.8); newman writes it as it is',
    differences: [
      ['body', multipart('a"b'), multipart('a%22b')],
      ['content-length', '159', '161'],
    ],
  },
};

function multipart(name: string): string {
  return `--BOUNDARY\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n1\r\n--BOUNDARY--\r\n`;
}
