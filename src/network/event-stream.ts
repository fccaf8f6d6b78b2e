const LF = 10;
const CR = 13;

/**
 * The whole events at the beginning of a text/event-stream that was cut anywhere (WHATWG HTML, section 9.2.6: an event ends with
 * an empty line; lines end with CR, LF or both). Where not one event is whole, all bytes: the beginning of an event says
 * more than nothing.
 */
export function wholeEvents(bytes: Uint8Array): Uint8Array {
  for (let end = bytes.length; end > 0; end -= 1) {
    if (endsWithEmptyLine(bytes, end)) return bytes.subarray(0, end);
  }
  return bytes;
}

function endsWithEmptyLine(bytes: Uint8Array, end: number): boolean {
  const line = lineEndBefore(bytes, end);
  return line > 0 && lineEndBefore(bytes, end - line) > 0;
}

/** Length of the line ending that stands before `end`; none is 0. */
function lineEndBefore(bytes: Uint8Array, end: number): number {
  if (bytes[end - 1] === LF) return bytes[end - 2] === CR ? 2 : 1;
  return bytes[end - 1] === CR ? 1 : 0;
}
