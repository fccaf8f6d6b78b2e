// curl's options as `curl --help all` lists them (curl 7.88 with those added up to 8.17), by what they do to a request.

/** Long names of the options that take an argument. */
const WITH_ARGUMENT = `abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout
 connect-to continue-at cookie cookie-jar create-file-mode crlfile curves data data-ascii data-binary data-raw data-urlencode
 delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare
 etag-save expect100-timeout form form-string ftp-account ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode
 happy-eyeballs-timeout-ms haproxy-clientip header help hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway json
 keepalive-cnt keepalive-time key key-type knownhosts krb krb4 libcurl limit-rate local-port login-options mail-auth mail-from mail-rcpt
 max-filesize max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max parallel-max-host pass pinnedpubkey preproxy
 proto proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile
 proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers
 proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file range rate referer request
 request-target resolve retry retry-delay retry-max-time sasl-authzid service-name sigalgs socks4 socks4a socks5
 socks5-gssapi-service socks5-hostname speed-limit speed-time ssl-sessions stderr telnet-option tftp-blksize time-cond tls-max
 tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket upload-file upload-flags url
 url-query user user-agent variable vlan-priority write-out`;

const WITHOUT_ARGUMENT = `anyauth append basic ca-native cert-status compressed compressed-ssh create-dirs crlf digest disable
 disable-eprt disable-epsv disallow-username-in-url doh-cert-status doh-insecure dump-ca-embed eprt epsv fail fail-early fail-with-body false-start
 follow form-escape ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control get globoff haproxy-protocol head
 http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only ignore-content-length include insecure ipv4 ipv6
 junk-session-cookies list-only location location-trusted mail-rcpt-allowfails manual metalink mptcp negotiate netrc
 netrc-optional next out-null alpn buffer clobber keepalive npn progress-meter sessionid ntlm ntlm-wb parallel
 parallel-immediate path-as-is post301 post302 post303 progress-bar proxy-anyauth proxy-basic proxy-ca-native proxy-digest
 proxy-http2 proxy-insecure proxy-negotiate proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tlsv1
 proxytunnel raw remote-header-name remote-name remote-name-all remote-time remove-on-error retry-all-errors
 retry-connrefused sasl-ir show-error show-headers silent skip-existing socks5-basic socks5-gssapi socks5-gssapi-nec ssl
 ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort sslv2 sslv3 styled-output
 suppress-connect-headers tcp-fastopen tcp-nodelay tftp-no-options tls-earlydata tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding
 trace-ids trace-time use-ascii verbose version xattr`;

const SHORT: Readonly<Record<string, string>> = {
  '#': 'progress-bar',
  '0': 'http1.0',
  '1': 'tlsv1',
  '2': 'sslv2',
  '3': 'sslv3',
  '4': 'ipv4',
  '6': 'ipv6',
  ':': 'next',
  A: 'user-agent',
  B: 'use-ascii',
  C: 'continue-at',
  D: 'dump-header',
  E: 'cert',
  F: 'form',
  G: 'get',
  H: 'header',
  I: 'head',
  J: 'remote-header-name',
  K: 'config',
  L: 'location',
  M: 'manual',
  N: 'buffer',
  O: 'remote-name',
  P: 'ftp-port',
  Q: 'quote',
  R: 'remote-time',
  S: 'show-error',
  T: 'upload-file',
  U: 'proxy-user',
  V: 'version',
  X: 'request',
  Y: 'speed-limit',
  Z: 'parallel',
  a: 'append',
  b: 'cookie',
  c: 'cookie-jar',
  d: 'data',
  e: 'referer',
  f: 'fail',
  g: 'globoff',
  h: 'help',
  i: 'include',
  j: 'junk-session-cookies',
  k: 'insecure',
  l: 'list-only',
  m: 'max-time',
  n: 'netrc',
  o: 'output',
  p: 'proxytunnel',
  q: 'disable',
  r: 'range',
  s: 'silent',
  t: 'telnet-option',
  u: 'user',
  v: 'verbose',
  w: 'write-out',
  x: 'proxy',
  y: 'speed-time',
  z: 'time-cond',
};

export interface Option {
  readonly name: string;
  readonly takesArgument: boolean;
}

const options: ReadonlyMap<string, Option> = new Map([
  ...WITH_ARGUMENT.split(/\s+/).map((name): [string, Option] => [name, { name, takesArgument: true }]),
  ...WITHOUT_ARGUMENT.split(/\s+/).map((name): [string, Option] => [name, { name, takesArgument: false }]),
]);

const EXPAND = 'expand-';

/** An option by its long name or an unambiguous beginning of it, as curl takes them; there is an `--expand-…` of each with an argument. */
export function longOption(name: string): Option | undefined {
  const plain = beginningWith(name);
  if (plain || !name.startsWith(EXPAND)) return plain;
  const expanded = beginningWith(name.slice(EXPAND.length));
  return expanded?.takesArgument ? options.get('variable') : undefined;
}

function beginningWith(name: string): Option | undefined {
  const exact = options.get(name);
  if (exact || name === '') return exact;
  const candidates = [...options.values()].filter((option) => option.name.startsWith(name));
  return candidates.length === 1 ? candidates[0] : undefined;
}

export function shortOption(letter: string): Option | undefined {
  return Object.hasOwn(SHORT, letter) ? options.get(SHORT[letter] ?? '') : undefined;
}

const PROXY = 'The proxy of the command is not used';
const TLS = 'Certificates and TLS options of the command are not used';
const REDIRECT = 'The method after a redirect is that of the standard';

/** What is said of an option that is left out, where the same request goes to the same place without it. */
export const leftOut: ReadonlyMap<string, string> = new Map([
  ...['proxy', 'preproxy', 'proxy1.0', 'proxytunnel', 'socks4', 'socks4a', 'socks5', 'socks5-hostname'].map(
    (name) => [name, PROXY] as const,
  ),
  ...['cacert', 'capath', 'ca-native'].map((name) => [name, TLS] as const),
  ['tr-encoding', 'The TE header is left out'],
  ...['post301', 'post302', 'post303', 'follow'].map((name) => [name, REDIRECT] as const),
]);

/** Options that decide what is sent, who signs it or whom it goes to, and that are not read. */
const REFUSED = new Set(
  `request-target config netrc netrc-file netrc-optional variable cert cert-type key key-type pass engine tlsuser tlspassword
 tlsauthtype ssl-auto-client-cert pinnedpubkey crlfile cert-status resolve connect-to unix-socket abstract-unix-socket
 interface local-port doh-url dns-servers dns-interface dns-ipv4-addr dns-ipv6-addr alt-svc hsts proto-default proxy-user
 proxy-header proxy-cert proxy-cert-type proxy-key proxy-key-type proxy-pass proxy-tlsuser proxy-tlspassword
 proxy-tlsauthtype proxy-negotiate proxy-ntlm haproxy-protocol haproxy-clientip continue-at etag-compare time-cond crlf
 ipfs-gateway`.split(/\s+/),
);

/** A proxy with credentials in its address, or one that a variable gives and may have them. */
const PROXIES = new Set(['proxy', 'preproxy', 'proxy1.0', 'socks4', 'socks4a', 'socks5', 'socks5-hostname']);

/** Why a command with this option is not executed, in a fixed sentence; undefined for one that may be. */
export function refusalOf(name: string, value: string | boolean): string | undefined {
  if (value === false) return undefined;
  if (name === 'variable') return 'Commands with variables of curl (--variable, --expand-…) are not executed';
  if (REFUSED.has(name)) return `Commands with --${name} are not executed`;
  const signs = PROXIES.has(name) && typeof value === 'string' && /@|\{\{/.test(value);
  return signs ? `Commands with credentials for a proxy (--${name}) are not executed` : undefined;
}
