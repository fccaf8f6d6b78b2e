// What a Content-Type says of a text (RFC 9110 section 8.3.1; structured suffixes RFC 6839 and RFC 9512).

export type MediaFamily =
  | 'events'
  | 'form'
  | 'multipart'
  | 'html'
  | 'xml'
  | 'csv'
  | 'tsv'
  | 'yaml'
  | 'settings'
  | 'properties'
  | 'headers'
  | 'json'
  | 'other';

// First match decides. Vendor types carry their format in a suffix or in a word.
const families: readonly (readonly [RegExp, MediaFamily])[] = [
  [/^text\/event-stream/, 'events'],
  [/^application\/x-www-form-urlencoded/, 'form'],
  [/^multipart\//, 'multipart'],
  [/html/, 'html'],
  [/[/+.-]xml|wsdl|soap|rss|plist|svg/, 'xml'],
  [/tab-separated|[/+.-]tsv/, 'tsv'],
  [/[/+.-]csv|comma-separated/, 'csv'],
  [/[/+.-]ya?ml|openapi(?!\+json)/, 'yaml'],
  [/toml|[/+.-]ini\b|dotenv|x-env|systemd|x-config/, 'settings'],
  [/properties/, 'properties'],
  [/^message\/|application\/http/, 'headers'],
  [/json|javascript|ecmascript/, 'json'],
];

/** The family of a media type; its parameters and its case do not count. */
export function familyOf(contentType: string): MediaFamily {
  const essence = essenceOf(contentType);
  return families.find(([pattern]) => pattern.test(essence))?.[1] ?? 'other';
}

const BINARY =
  /^(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:[\w.-]*\+)?(?:pdf|zip|gzip|x-gzip|x-tar|x-bzip2?|x-7z-compressed|x-rar-compressed|vnd\.rar|zstd|wasm|java-archive|msword|vnd\.ms-(?!sync)[\w.-]+|vnd\.openxmlformats[\w.-]+|vnd\.oasis[\w.-]+|(?:x-|vnd\.google\.)?protobuf|x-protobuffer|(?:x-|vnd\.)?msgpack|(?:x-)?cbor|cbor-seq|cose|bson|(?:x-|vnd\.apache\.)?(?:avro|thrift|parquet|arrow)[\w.-]*|grpc(?:-web)?|x-sqlite3|vnd\.sqlite3|pkcs(?:7|8|10|12)[\w.-]*|x-pkcs12|x-java-serialized-object)(?:$|\+(?!json|xml|yaml)))|^application\/[\w.-]+\+(?:proto|protobuf|cbor|msgpack|zip|gzip|avro|der)$/;

/** Whether a media type is one of bytes: what looks like text in it is not made of fields that can be read. */
export function isBinaryType(contentType: string): boolean {
  return BINARY.test(essenceOf(contentType));
}

function essenceOf(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}
