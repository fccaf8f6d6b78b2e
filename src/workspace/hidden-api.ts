// Collections and environments under names that are not theirs: some formats are told by the name alone, so a text is asked
// for what only such a file begins with, and then read under a name of that format.

/** Whether a text is a collection or an environment, as `probe` tells of a file's name and text. */
export function isApiUnderAnyName(text: string, probe: (file: string, text: string) => boolean): boolean {
  return FORMATS.some(({ file, hints }) => hints(text) && probe(file, text));
}

interface Format {
  /** A name that the format's own files have. */
  readonly file: string;
  /** Whether an ordinary text is unlikely to look like this. */
  readonly hints: (text: string) => boolean;
}

const BRU_BLOCK =
  /^(?:meta|vars(?::[\w-]+)?|auth(?::[\w-]+)?|headers|params:\w+|body:[\w:-]+|script:[\w-]+|assert|settings|get|post|put|patch|delete|options|head|trace|connect|http|grpc|ws) ?[{[]\s*$/;
const REQUEST_LINE = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|QUERY)[ \t]+(?:https?:\/\/|\{\{)/;
const CURL_LINE = /^(?:\$ )?curl(?:\.exe)?[ \t]/;

const FORMATS: readonly Format[] = [
  { file: 'x.bru', hints: (text) => BRU_BLOCK.test(firstLine(text, /^$/)) },
  { file: 'x.http', hints: (text) => REQUEST_LINE.test(firstLine(text, /^(?:#|\/\/|@|$)/)) },
  { file: 'x.sh', hints: (text) => CURL_LINE.test(firstLine(text, /^(?:#|$)/)) },
  { file: 'x.yml', hints: () => true },
  { file: 'environments/x.yml', hints: (text) => /^variables[ \t]*:/m.test(head(text)) },
  { file: 'x.request.yaml', hints: (text) => /^\$kind[ \t]*:/m.test(head(text)) },
  {
    file: 'x.environment.yaml',
    hints: (text) => /^values[ \t]*:/m.test(head(text)) && /^name[ \t]*:/m.test(head(text)),
  },
];

const HEAD_CHARS = 64 * 1024;

function head(text: string): string {
  return text.slice(0, HEAD_CHARS);
}

/** The first line that is not to be skipped, trimmed. */
function firstLine(text: string, skipped: RegExp): string {
  const lines = head(text).split('\n');
  return lines.map((line) => line.trim()).find((line) => !skipped.test(line)) ?? '';
}
