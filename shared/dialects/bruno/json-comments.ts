/** A JSON text without comments in and at the ends of lines, as Bruno sends it; what stands in strings stays. */
export function withoutJsonComments(text: string): string {
  if (!/\/[/*]/.test(text) || !/^\s*(?:[[{]|\/[/*])/.test(text)) return text;
  const lastClose = text.lastIndexOf('*/');
  let kept = '';
  let from = 0;
  for (let at = 0; at < text.length; ) {
    if (text[at] === '"') {
      at = stringEnd(text, at);
      continue;
    }
    const end = text[at] === '/' ? commentEnd(text, at, lastClose) : undefined;
    if (end === undefined) {
      at += 1;
      continue;
    }
    kept += text.slice(from, at);
    from = end;
    at = end;
  }
  return kept + text.slice(from);
}

function stringEnd(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== '"' && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

// A text full of openings without an end is not searched through for each of them.
function commentEnd(text: string, at: number, lastClose: number): number | undefined {
  if (text[at + 1] === '/') {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end;
  }
  return text[at + 1] === '*' && at + 2 <= lastClose ? text.indexOf('*/', at + 2) + 2 : undefined;
}
