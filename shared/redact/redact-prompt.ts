// What a prompt may hold beyond what every answer may: where the operator wants it, no hosts.

const HOST = '[REDACTED_HOST]';

// Behind `://`, plain or percent-encoded: everything up to the path, variables with whatever stands in their braces included.
const AUTHORITY = /((?:[a-z][a-z0-9+.-]{0,30}:|(?<![\w:/]))\/\/|%3a%2f%2f)((?:\{\{[^{}]*\}\}|[^\s/?#"'<>\\,;()%])+)/gi;
const VARIABLE_ALONE = /^\{\{[^{}]*\}\}(?::\d*)?$/;
const LABELS = /^(?:[\p{L}\p{N}_-]{1,63}\.)+[\p{L}\p{N}-]{2,63}$/u;
const V4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const V6 = /^\[[0-9a-f:.]{2,45}\]$/i;

/**
 * Replaces the host and port of every absolute URL in a JSON-like value by `[REDACTED_HOST]`, and these hosts and those of `also`
 * (such as `api.example.com:8443`) wherever else they stand; scheme, path, query and fragment stay. The value is copied.
 */
export function redactHosts(value: unknown, also: readonly string[] = []): unknown {
  const hosts = new Set<string>();
  for (const host of also) addNames(hosts, host);
  const masked = mapTexts(value, (text) =>
    text.replace(AUTHORITY, (whole, before: string, authority: string) => {
      const isKept = authority.startsWith(HOST) || VARIABLE_ALONE.test(authority);
      // Two slashes alone begin a comment as often as an address.
      if (isKept || (before === '//' && hostNames(authority).length === 0)) return whole;
      addNames(hosts, authority);
      return before + HOST;
    }),
  );
  if (hosts.size === 0) return masked;
  const names = anyOf(hosts);
  return mapTexts(masked, (text) => text.replace(names, HOST));
}

function addNames(hosts: Set<string>, authority: string): void {
  for (const name of hostNames(authority)) hosts.add(name);
}

/** A host with and without its port. A single label, such as `localhost`, is an ordinary word, and no host is known by a template. */
function hostNames(authority: string): string[] {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const name = host.replace(/:\d*$/, '').replace(/\.$/, '');
  return LABELS.test(name) || V4.test(name) || V6.test(name) ? [host, name] : [];
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
