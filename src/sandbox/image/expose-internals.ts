// The engine's module with two more exports: the table of its functions, into which the tracker of unhandled rejections is put, and
// the pointer to its stack, by which a call that ended half way is noticed. Not one instruction changes. (WebAssembly core
// specification 1.0, section 5.5: a module is its sections; 5.5.10: the export section is a vector of name, kind, index.)
const HEADER_BYTES = 8;
const EXPORT_SECTION = 7;
const TABLE_KIND = 1;
const GLOBAL_KIND = 3;
const ADDED = [...exportOf('table', TABLE_KIND), ...exportOf('stack', GLOBAL_KIND)];

/** The module with its first table exported as `table` and its first global as `stack`. Throws where it has no exports. */
export function exposeInternals(module: Uint8Array): Uint8Array<ArrayBuffer> {
  let at = HEADER_BYTES;
  while (at < module.length) {
    const id = module[at];
    const size = readNumber(module, at + 1);
    const end = size.end + size.value;
    if (id === EXPORT_SECTION) {
      const count = readNumber(module, size.end);
      const content = [...writeNumber(count.value + 2), ...module.subarray(count.end, end), ...ADDED];
      const section = [EXPORT_SECTION, ...writeNumber(content.length), ...content];
      return joined(module.subarray(0, at), Uint8Array.from(section), module.subarray(end));
    }
    at = end;
  }
  throw new Error('the module exports nothing');
}

function exportOf(name: string, kind: number): number[] {
  return [name.length, ...new TextEncoder().encode(name), kind, 0];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** LEB128, unsigned. */
function readNumber(bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let end = from;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[end] ?? 0;
    end += 1;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value: value >>> 0, end };
  }
}

function writeNumber(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
