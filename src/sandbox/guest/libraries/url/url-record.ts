export interface UrlRecord {
  /** Without the colon. */
  scheme: string;
  username: string;
  password: string;
  /** As it is written; undefined: none. */
  host: string | undefined;
  port: string;
  /** A list of segments, or one opaque text. */
  path: string[] | string;
  query: string | undefined;
  fragment: string | undefined;
}

export const defaultPorts: Readonly<Record<string, string>> = {
  http: '80',
  https: '443',
  ws: '80',
  wss: '443',
  ftp: '21',
  file: '',
};

export function isSpecial(scheme: string): boolean {
  return Object.hasOwn(defaultPorts, scheme);
}

export function pathText({ path }: UrlRecord): string {
  return typeof path === 'string' ? path : path.map((segment) => `/${segment}`).join('');
}

/** The serializer of the URL standard. */
export function writeUrl(url: UrlRecord): string {
  const path = pathText(url);
  const query = url.query === undefined ? '' : `?${url.query}`;
  const fragment = url.fragment === undefined ? '' : `#${url.fragment}`;
  // A path that begins with two slashes would be read as a host.
  const guard = url.host === undefined && path.startsWith('//') ? '/.' : '';
  const place = url.host === undefined ? guard : `//${credentialsText(url)}${hostText(url)}`;
  return `${url.scheme}:${place}${path}${query}${fragment}`;
}

/** Host and port. */
export function hostText({ host = '', port }: UrlRecord): string {
  return port === '' ? host : `${host}:${port}`;
}

function credentialsText({ username, password }: UrlRecord): string {
  if (username === '' && password === '') return '';
  return `${username}${password === '' ? '' : `:${password}`}@`;
}
