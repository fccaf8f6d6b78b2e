const MAX_NAME_CHARS = 300;

/** What a request is called whose format has no names: its method and path, without scheme, host, query and fragment. */
export function methodAndPath(method: string, url: string): string {
  const address = url.split(/[?#]/, 1)[0] ?? '';
  const path = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/]*(\/.*)?$/is.exec(address)?.[1] ?? '';
  return `${method} ${path === '' ? '/' : path}`.slice(0, MAX_NAME_CHARS);
}
