// Where Keyward reads a URL of a collection otherwise than the platform's parser does. Refusing more is the rule; accepting
// otherwise is Postman's meaning of an address without a scheme, and the list is complete.
import type { PlannedUrl } from '../../shared/request/plan.ts';

export type Outcome = 'same' | 'both refuse' | 'stricter' | 'explained';

type Rule = readonly [why: string, applies: (input: string, theirs: URL, from?: URL) => boolean];

const authorityOf = (input: string) => /^[^:]*:\/*([^/?#\\]*)/.exec(input.trim())?.[1] ?? '';

/** Why a URL that the platform takes is refused. */
const STRICTER: readonly Rule[] = [
  ['neither http nor https', (_, { protocol }) => !/^https?:$/.test(protocol)],
  ['user information', (_, { username, password }) => username !== '' || password !== ''],
  ['an empty user information', (input) => authorityOf(input).includes('@')],
  ['a control character', (input) => /\p{Cc}/u.test(input)],
  ['a backslash', (input) => input.includes('\\')],
  ['a percent sign in the host', (input) => authorityOf(input).includes('%')],
  ['no "://"', (input) => !input.includes('://')],
  ['blanks or marks in the host', (input) => /[\s<>^|"`{}]/.test(authorityOf(input))],
  ['https to http', (_, { protocol }, from) => from?.protocol === 'https:' && protocol === 'http:'],
];

/** The rules that refuse this URL, though the platform takes it. */
export function stricterRules(input: string, theirs: URL, from?: URL): readonly string[] {
  return STRICTER.filter(([, applies]) => applies(input, theirs, from)).map(([why]) => why);
}

/** How both readings relate. Throws where they differ and nothing explains it. */
export function explain(input: string, ours: PlannedUrl | undefined, theirs: URL | undefined): Outcome {
  if (!ours && !theirs) return 'both refuse';
  if (!ours && theirs) {
    if (stricterRules(input, theirs).length === 0)
      throw new Error(`refused without a reason: ${JSON.stringify(input)}`);
    return 'stricter';
  }
  if (ours && theirs && isSame(ours, theirs)) return 'same';
  if (ours && isWithoutScheme(input, ours)) return 'explained';
  throw new Error(`${JSON.stringify(input)} is ${ours?.origin} here and ${theirs?.origin} there`);
}

function isSame({ scheme, host, port, origin }: PlannedUrl, theirs: URL): boolean {
  return (
    theirs.protocol === `${scheme}:` && theirs.hostname === host && theirs.port === port && theirs.origin === origin
  );
}

/** Postman's meaning: what has no "://" is http, whatever else it looks like. */
function isWithoutScheme(input: string, ours: PlannedUrl): boolean {
  const address = input.trimStart().split(/[?#]/, 1)[0] ?? '';
  if (address.includes('://')) return false;
  const written = `http://${address}`;
  return URL.canParse(written) && isSame(ours, new URL(written));
}
