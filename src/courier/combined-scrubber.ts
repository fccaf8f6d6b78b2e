import type { Scrubber } from '../../shared/redact/scrubber.ts';
import type { Span } from '../../shared/redact/span.ts';
import { createWork } from '../../shared/redact/work.ts';

/**
 * One scrubber that knows what its parts know, without building anything anew. `joint` knows all of it at once: it is asked
 * for only where two parts find something in one text, whose places may overlap.
 */
export function combineScrubbers(parts: readonly Scrubber[], joint: () => Scrubber): Scrubber {
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  return {
    scrubOwn(text) {
      const found = parts.map((part) => part.scrubOwn(text)).filter(({ hits }) => hits > 0);
      return found.length > 1 ? joint().scrubOwn(text) : (found[0] ?? { text, hits: 0 });
    },
    scrub(text, work = createWork(text.length)) {
      const allowed = work.left;
      const found = [];
      for (const part of parts) {
        // The parts look inside the same data, so it is counted once.
        const own = { left: allowed };
        const scrubbed = part.scrub(text, own);
        work.left = Math.min(work.left, own.left);
        if (own.left < 0) return scrubbed;
        if (scrubbed.hits > 0) found.push(scrubbed);
      }
      return found.length > 1 ? joint().scrub(text, work) : (found[0] ?? { text, hits: 0 });
    },
    find(bytes, work = createWork(bytes.length)) {
      const allowed = work.left;
      const spans: Span[] = [];
      for (const part of parts) {
        const own = { left: allowed };
        spans.push(...part.find(bytes, own));
        work.left = Math.min(work.left, own.left);
      }
      return merged(spans);
    },
    isShortSecret: (field) => parts.some((part) => part.isShortSecret(field)),
    openEnd: (bytes) => Math.max(0, ...parts.map((part) => part.openEnd(bytes))),
    knows: {
      short: parts.some(({ knows }) => knows.short),
      numeric: parts.some(({ knows }) => knows.numeric),
    },
  };
}

/** Sorted and disjoint. */
function merged(spans: readonly Span[]): readonly Span[] {
  const apart: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.start - other.start)) {
    const last = apart.at(-1);
    if (last && span.start <= last.end) apart[apart.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else apart.push(span);
  }
  return apart;
}
