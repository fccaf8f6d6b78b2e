/** The essence of a media type, lower-case, without parameters. */
function essence(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

export type MediaKind = 'json' | 'form' | 'multipart' | 'xml' | 'text' | 'binary';

/** What kind of body a media type or range asks for. */
export function mediaKind(mediaType: string): MediaKind {
  const type = essence(mediaType);
  if (
    /^application\/(?:[^\s;]+\+)?json$/.test(type) ||
    type === 'text/json' ||
    type === '*/*' ||
    type === 'application/*'
  )
    return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type.startsWith('multipart/')) return 'multipart';
  if (/^(?:application|text)\/(?:[^\s;]+\+)?xml$/.test(type)) return 'xml';
  return type.startsWith('text/') || TEXTUAL.has(type) ? 'text' : 'binary';
}

const TEXTUAL: ReadonlySet<string> = new Set([
  'application/yaml',
  'application/x-yaml',
  'application/graphql',
  'application/x-ndjson',
  'application/jsonl',
  'application/javascript',
  'application/sql',
]);

const PREFERENCE: readonly MediaKind[] = ['json', 'form', 'multipart', 'xml', 'text', 'binary'];

/** The media type that is sent where several are possible: JSON before forms before XML, text and files; the first of a kind. */
export function preferredMediaType(mediaTypes: readonly string[]): string | undefined {
  const rank = (type: string): number =>
    PREFERENCE.indexOf(mediaKind(type)) + (essence(type).includes('*') ? PREFERENCE.length : 0);
  return mediaTypes.reduce<string | undefined>(
    (best, type) => (best === undefined || rank(type) < rank(best) ? type : best),
    undefined,
  );
}

/** A range such as `application/*` names no type that could be sent. */
export function isRange(mediaType: string): boolean {
  return essence(mediaType).includes('*');
}
