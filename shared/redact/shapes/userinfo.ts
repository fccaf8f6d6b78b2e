// Where the userinfo of a URL ends (RFC 3986, 3.2.1; WHATWG URL takes the last `@`). People paste passwords as they are, with `/`,
// `?` and `#` in them, which no parser reads; a port that is no number shows it.

const MOST_CHARS = 1_024;
const AUTHORITY = /[^\s/?#"'<>\\]{1,1024}/y;
const RAW_PASSWORD = /[^\s"'<>\\]{1,1024}/y;

/** Takes a text and where an authority begins in it; gives the place of the `@` behind its userinfo. */
export function endOfUserinfo(text: string, start: number): number | undefined {
  AUTHORITY.lastIndex = start;
  const authority = AUTHORITY.exec(text)?.[0];
  if (authority === undefined) return undefined;
  const at = authority.lastIndexOf('@');
  if (at >= 0) return at === 0 || (at === 3 && isGitUser(text, start)) ? undefined : start + at;
  if (authority.length === MOST_CHARS || !hasPasswordInPort(authority)) return undefined;
  RAW_PASSWORD.lastIndex = start;
  const run = RAW_PASSWORD.exec(text)?.[0] ?? '';
  const last = run.lastIndexOf('@');
  return last > 0 && /^@(?:[\w.-]+|\[[\da-f:.]+\])(?:[:/?#,;)]|$)/i.test(run.slice(last)) ? start + last : undefined;
}

/** `git@` is how everyone is called who fetches by SSH. */
function isGitUser(text: string, start: number): boolean {
  return (
    text.startsWith('git@', start) &&
    /(?:^|[^a-z0-9+.-])(?:git\+ssh|ssh\+git|ssh|git):\/\/$/i.test(text.slice(Math.max(0, start - 12), start))
  );
}

/** `user:pa` before a `/`: no port, no IPv6 address, no reference. */
function hasPasswordInPort(authority: string): boolean {
  const port = /^[^:[\]{}$]{0,256}:([^{}$]*)$/.exec(authority)?.[1];
  return port !== undefined && !/^\d{0,5}$/.test(port);
}
