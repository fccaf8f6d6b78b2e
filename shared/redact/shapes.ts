// Credentials that no one told us of, known by their look: issuers' prefixes, JWTs, private keys, passwords in URLs. Every
// pattern begins at a place that cannot repeat inside its own match, so that a hostile text costs linear time.

const START = '(?<![A-Za-z0-9_-])';

// Issuers' own documentation of token formats; the lengths are lower bounds.
const prefixed = [
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])',
  'gh[pousr]_[A-Za-z0-9]{30,}',
  'github_pat_[A-Za-z0-9_]{30,}',
  'gl(?:pat|ptt|dt|rt|cbt|ft|soat|agent)-[A-Za-z0-9_.-]{18,}',
  '(?:sk|rk|pk)_(?:live|test|prod)_[A-Za-z0-9]{10,}',
  'whsec_[A-Za-z0-9+/=]{16,}',
  'xox[abeoprs]-[A-Za-z0-9-]{10,}',
  'xapp-[0-9]-[A-Za-z0-9-]{10,}',
  'AIza[A-Za-z0-9_-]{35}',
  'ya29\\.[A-Za-z0-9_-]{20,}',
  'GOCSPX-[A-Za-z0-9_-]{20,}',
  'sk-ant-[A-Za-z0-9_-]{16,}',
  'sk-(?:proj-|svcacct-|or-v1-)?[A-Za-z0-9_-]{20,}',
  'npm_[A-Za-z0-9]{30,}',
  'pypi-[A-Za-z0-9_-]{40,}',
  'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}',
  'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}',
  'hf_[A-Za-z0-9]{30,}',
  'hv[sbr]\\.[A-Za-z0-9_-]{20,}',
  'dop_v1_[a-f0-9]{32,}',
  'PMAK-[a-f0-9]{24}-[a-f0-9]{34}',
  'lin_(?:api|oauth)_[A-Za-z0-9]{30,}',
  'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}',
  'secret_[A-Za-z0-9]{32,}',
  'EAA[A-Za-z0-9]{80,}',
  'dapi[a-f0-9]{32}',
  'sq0(?:atp|csp)-[A-Za-z0-9_-]{22,}',
  'eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{4,}(?:\\.[A-Za-z0-9_-]*){0,3}',
];

const TOKENS = new RegExp(`${START}(?:${prefixed.join('|')})`, 'g');
const SLACK_HOOK = /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[\w/-]{16,}/g;
const SCHEMED =
  /(?<![\w-])(bearer|basic|negotiate|digest)([ \t]+)(?=[A-Za-z0-9._~+/-]*[0-9._~+/=])([A-Za-z0-9._~+/-]{12,}={0,2})/gi;
const PEM_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const ANY =
  /AKIA|ASIA|ABIA|ACCA|gh[pousr]_|github_pat_|gl[a-z]{2,5}-|[srp]k_|whsec_|xox|xapp|AIza|ya29|GOCSPX|sk-|npm_|pypi-|SG\.|shp|hf_|hv[sbr]\.|dop_|PMAK|lin_|pat[A-Z0-9]|secret_|EAA|dapi|sq0|eyJ|PRIVATE KEY|hooks\.slack|bearer|basic|negotiate|digest/i;

export interface Shaped {
  readonly text: string;
  readonly count: number;
}

/** Replaces what looks like a credential by `[redacted]`; an auth scheme's name before it stays. */
export function redactShapes(text: string): Shaped {
  if (!ANY.test(text)) return { text, count: 0 };
  let count = 0;
  const replaced = redactPems(text, () => (count += 1))
    .replace(TOKENS, () => {
      count += 1;
      return '[redacted]';
    })
    .replace(SLACK_HOOK, (hook) => {
      count += 1;
      return `${hook.slice(0, hook.indexOf('/') + 1)}[redacted]`;
    })
    .replace(SCHEMED, (_, scheme: string, gap: string) => {
      count += 1;
      return `${scheme}${gap}[redacted]`;
    });
  return { text: replaced, count };
}

// A key without its end line is taken to the end of the text.
function redactPems(text: string, onFound: () => void): string {
  const parts: string[] = [];
  let from = 0;
  const begins = new RegExp(PEM_BEGIN);
  for (let begin = begins.exec(text); begin; begin = begins.exec(text)) {
    const endLine = text.indexOf('-----END ', begin.index);
    const close = endLine < 0 ? -1 : text.indexOf('-----', endLine + 9);
    parts.push(text.slice(from, begin.index), '[redacted]');
    onFound();
    from = close < 0 ? text.length : close + 5;
    begins.lastIndex = from;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}
