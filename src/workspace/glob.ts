/**
 * A matcher for one glob over workspace-relative paths with forward slashes: `*` and `?` stay within a segment, `**` spans
 * any number of them, everything else is literal. A glob that names a folder matches all below it.
 */
export function createGlob(glob: string): (path: string) => boolean {
  const segments = glob.split('/').filter((segment) => segment !== '' && segment !== '.');
  const wanted = segments.filter((segment, at) => segment !== '**' || segments[at - 1] !== '**');
  if (!wanted.some((segment) => /[*?]/.test(segment))) return literally(wanted.join('/'));
  return (path) => matches(wanted, path.split('/'));
}

function literally(wanted: string): (path: string) => boolean {
  const below = wanted === '' ? '' : `${wanted}/`;
  return (path) => path === wanted || path.startsWith(below);
}

/** Which positions of the glob are reached after each segment; at most all of them, whatever the glob. */
function matches(wanted: readonly string[], segments: readonly string[]): boolean {
  let reached = closure(wanted, [0]);
  for (const segment of segments) {
    if (reached.includes(wanted.length)) return true;
    const next = reached.flatMap((at) => {
      const pattern = wanted[at] ?? '';
      if (pattern === '**') return [at];
      return matchesSegment(pattern, segment) ? [at + 1] : [];
    });
    reached = closure(wanted, next);
  }
  return reached.includes(wanted.length);
}

/** No two `**` are neighbours. */
function closure(wanted: readonly string[], positions: readonly number[]): number[] {
  return [...new Set(positions.flatMap((at) => (wanted[at] === '**' ? [at, at + 1] : [at])))];
}

/** Wildcards by backtracking to the last `*` only, which is enough and never exponential. */
function matchesSegment(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < text.length) {
    if (pattern[at] === '*') {
      star = at;
      resume = index;
      at += 1;
    } else if (pattern[at] === '?' || pattern[at] === text[index]) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
