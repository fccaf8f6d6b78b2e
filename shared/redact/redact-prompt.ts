// What a prompt may hold beyond what every answer may: where the operator wants it, no hosts.

const HOST = '[REDACTED_HOST]';

// A host that is a variable alone says nothing.
const AUTHORITY =
  /([a-z][a-z0-9+.-]{0,30}:\/\/)((?!\{\{[^{}]{1,128}\}\}(?=[/?#\s"'<>\\,;()]|$)|\[REDACTED_HOST\])[^\s/?#"'<>\\,;()]{1,300})/gi;

/**
 * Replaces the host and port of every absolute URL in a JSON-like value by `[REDACTED_HOST]`, and these hosts wherever else they
 * stand; scheme, path, query and fragment stay. The value is copied.
 */
export function redactHosts(value: unknown): unknown {
  const hosts = new Set<string>();
  const masked = mapTexts(value, (text) =>
    text.replace(AUTHORITY, (_, scheme: string, authority: string) => {
      for (const host of namesOf(authority)) hosts.add(host);
      return scheme + HOST;
    }),
  );
  if (hosts.size === 0) return masked;
  const names = anyOf(hosts);
  return mapTexts(masked, (text) => text.replace(names, HOST));
}

function namesOf(authority: string): string[] {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const name = host.replace(/:\d*$/, '');
  // A single label, such as `localhost`, is an ordinary word.
  return name.includes('.') || name.startsWith('[') ? [host, name] : [];
}

function anyOf(names: ReadonlySet<string>): RegExp {
  const longestFirst = Array.from(names).sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(escaped.join('|'), 'gi');
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [change(name), mapTexts(child, change)]));
}
