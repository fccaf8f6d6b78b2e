// YAML 1.2 wants the further lines of a quoted text indented deeper than its key (section 7.3, s-flow-line-prefix(n)); files
// in the wild have them at the margin. White space at the start of such a line is no part of the text, so more of it
// changes nothing but that the file parses. Lines stay lines: places in the text keep their line numbers.

interface OpenText {
  readonly quote: string;
  /** Spaces that a further line needs. */
  readonly indent: number;
}

/**
 * The text with those lines indented; undefined where there are none, or where a line at the margin reads as a key, a list
 * entry or a document mark of its own: then it is more likely that the quote before it was never closed. One pass.
 */
export function reindentQuoted(text: string): string | undefined {
  let open: OpenText | undefined;
  let blockIndent: number | undefined;
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) {
    if (open) {
      const deeper = indentLine(line, open.indent);
      const end = endOf(line, 0, open.quote);
      if (deeper === undefined || (end !== undefined && !NOTHING_MORE.test(line.slice(end)))) return undefined;
      lines[at] = deeper;
      if (end !== undefined) open = undefined;
    } else if (blockIndent === undefined || !(isBlank(line) || spacesOf(line) > blockIndent)) {
      blockIndent = blockIndentOf(line);
      open = openedBy(line);
    }
  }
  const repaired = lines.join('\n');
  return open || repaired === text ? undefined : repaired;
}

/** Only the line's end is looked at: `key: |-`, `- >`, with a comment after it. */
const BLOCK_TEXT = /[:-] {1,64}[|>][+-]?\d?[+-]?(?: {1,64}#[^\n]{0,256})? {0,64}\r?$/;
const NOTHING_MORE = /^(?:\s+#|\s*$)/;
const KEY = /(?:[^\s"'#&*!|>%@`[\]{},:-][^"'#\r:]{0,200}|"[^"\\]{0,200}"|'[^']{0,200}'):[ \t]+/y;
const OWN_LINE = /^ *(?:- |-?\r?$|[A-Za-z_$][\w$.-]{0,80} *:(?:\s|$))|^(?:---|\.\.\.)/;

function indentLine(line: string, indent: number): string | undefined {
  const spaces = spacesOf(line);
  if (spaces >= indent || isBlank(line)) return line;
  return OWN_LINE.test(line) ? undefined : ' '.repeat(indent - spaces) + line;
}

/** What the lines of a block text are indented deeper than: its key, or the dash of its list entry. */
function blockIndentOf(line: string): number | undefined {
  if (!BLOCK_TEXT.test(line)) return undefined;
  const column = columnOf(line);
  return line[column] === '|' || line[column] === '>' ? spacesOf(line) : column;
}

/** Where the key or value starts, behind spaces and the dashes of lists. */
function columnOf(line: string): number {
  let column = spacesOf(line);
  while (line[column] === '-' && line[column + 1] === ' ') column += 1 + spacesOf(line, column + 1);
  return column;
}

/** The quoted text that starts in this line as the value of a key or a list entry and does not end in it. */
function openedBy(line: string): OpenText | undefined {
  const column = columnOf(line);
  KEY.lastIndex = column;
  const start = KEY.test(line) ? KEY.lastIndex : column;
  const quote = line[start];
  if (quote !== '"' && quote !== "'") return undefined;
  return endOf(line, start + 1, quote) === undefined ? { quote, indent: column + 1 } : undefined;
}

/** Where the text goes on after the closing quote. */
function endOf(line: string, from: number, quote: string): number | undefined {
  for (let at = from; at < line.length; at += 1) {
    if (line[at] === '\\' && quote === '"') at += 1;
    else if (line[at] === quote && quote === "'" && line[at + 1] === quote) at += 1;
    else if (line[at] === quote) return at + 1;
  }
  return undefined;
}

function spacesOf(line: string, from = 0): number {
  let end = from;
  while (line[end] === ' ') end += 1;
  return end - from;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
