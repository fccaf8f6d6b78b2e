// Names of files and folders that every operating system takes: no reserved characters or device names, no hidden files, no
// two that differ only in case or in how an accent is composed.

const MAX_NAME_BYTES = 80;
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]+/gu;
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A name with its ending that is not taken yet, made of what is wanted, or of the fallback where that leaves nothing. */
export type SafeNames = (wanted: string, fallback: string, ending: string) => string;

/** Gives names that are unique in one folder; `taken` are those that mean something there. */
export function createSafeNames(taken: readonly string[]): SafeNames {
  const used = new Set(taken.map(folded));
  return (wanted, fallback, ending) => {
    const safe = safeName(wanted) || fallback;
    let name = safe + ending;
    for (let count = 2; used.has(folded(name)); count += 1) name = `${safe}_${count}${ending}`;
    used.add(folded(name));
    return name;
  };
}

function safeName(wanted: string): string {
  const plain = cut(
    wanted
      .slice(0, 4 * MAX_NAME_BYTES)
      .normalize('NFC')
      .replace(UNSAFE, '-'),
  )
    .replace(/^[\s.-]+/, '')
    .replace(/[\s.-]+$/, '');
  return DEVICE.test(plain) ? `_${plain}` : plain;
}

/** At most so many bytes of UTF-8, whole characters. */
function cut(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > MAX_NAME_BYTES) break;
    kept += char;
  }
  return kept;
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
