// A multipart form that is written out with its delimiters (RFC 7578), read into its parts.
import type { PartTemplate } from '../../collection/model.ts';
import { sealField } from '../../collection/seal-literals.ts';
import { lexTemplate } from '../../template/lex.ts';

export interface ReadMultipart {
  readonly body: { readonly kind: 'multipart'; readonly parts: readonly PartTemplate[] };
  readonly notes: readonly string[];
}

const PART_HEADERS = 'Headers of a form part other than its type are left out';

/**
 * The parts, sent with a delimiter of the client's own. undefined where the model cannot say what the text says: a part
 * without a name, or a file name on a value that stands in the text.
 */
export function readMultipart(text: string, boundary: string): ReadMultipart | undefined {
  const notes = new Set<string>();
  const parts: PartTemplate[] = [];
  for (const lines of partsOf(text, `--${boundary}`)) {
    const part = readPart(lines, notes);
    if (!part) return undefined;
    parts.push(part);
  }
  return parts.length === 0 ? undefined : { body: { kind: 'multipart', parts }, notes: [...notes] };
}

/** The lines between the delimiters; what stands before the first one and behind the last one is no part. */
function partsOf(text: string, delimiter: string): string[][] {
  const parts: string[][] = [];
  for (const line of text.split('\n')) {
    const trimmed = line.trimEnd();
    if (trimmed === `${delimiter}--`) return parts;
    if (trimmed === delimiter) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

const PARAMETER = /;\s*(name|filename)\s*=\s*(?:"([^"]*)"|([^;\s]+))/gi;

function readPart(lines: readonly string[], notes: Set<string>): PartTemplate | undefined {
  const gap = lines.findIndex((line) => line.trim() === '');
  const head = gap === -1 ? lines : lines.slice(0, gap);
  const content = gap === -1 ? [] : lines.slice(gap + 1);
  const headers = new Map(head.map((line) => [nameOf(line), line.slice(line.indexOf(':') + 1).trim()]));
  const parameters = new Map(
    [...(headers.get('content-disposition') ?? '').matchAll(PARAMETER)].map(
      ([, key = '', quoted, bare]) => [key.toLowerCase(), quoted ?? bare ?? ''] as const,
    ),
  );
  const name = parameters.get('name');
  if (name === undefined) return undefined;
  if ([...headers.keys()].some((key) => key !== 'content-disposition' && key !== 'content-type'))
    notes.add(PART_HEADERS);
  return toPart({ name, content, fileName: parameters.get('filename'), type: headers.get('content-type') });
}

function nameOf(line: string): string {
  return line
    .slice(0, Math.max(line.indexOf(':'), 0))
    .trim()
    .toLowerCase();
}

const FILE_LINE = /^<@?[\w-]*[ \t]+(\S.*)$/;

interface Stated {
  readonly name: string;
  readonly content: readonly string[];
  readonly fileName: string | undefined;
  readonly type: string | undefined;
}

function toPart({ name, content, fileName, type }: Stated): PartTemplate | undefined {
  const shared = {
    name: lexTemplate(name),
    enabled: true,
    ...(type !== undefined && { contentType: lexTemplate(type) }),
  };
  const lines = trimEmpty(content);
  const path = lines.length === 1 ? FILE_LINE.exec(lines[0] ?? '')?.[1] : undefined;
  if (path !== undefined) {
    const named = fileName === undefined ? {} : { fileName: lexTemplate(fileName) };
    return { kind: 'file', ...shared, paths: [lexTemplate(path.trim())], ...named };
  }
  if (fileName !== undefined || lines.some((line) => FILE_LINE.test(line))) return undefined;
  return { kind: 'text', ...shared, value: sealField(name, content.join('\n')) };
}

function trimEmpty(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first === -1 ? [] : lines.slice(first, last + 1);
}
