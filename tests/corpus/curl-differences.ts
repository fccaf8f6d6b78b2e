/** Where the requests of a command differ from what curl sends, request by request: a header, `target`, `method` or `body`. */
export interface Explained {
  readonly parts: readonly string[];
  readonly because: string;
}

const NOT_COMPUTED = 'what a shell variable or a command would give is asked for or refused, not guessed';
const EMPTY_BODY = 'Keyward states a missing body of POST, PUT and PATCH as one of no bytes (RFC 9110 section 8.6)';
const only = (because: string): Explained => ({ parts: ['only curl sends it'], because });

const REFUSED = 'what the option adds is not read, so the command is not executed';

export const differences: Readonly<Record<string, Explained>> = {
  'bash_redirect_herestring.sh': only(NOT_COMPUTED),
  'commented_json_with_session.sh': only(REFUSED),
  'form_quotes.sh': {
    parts: ['body', 'content-length', 'content-type'],
    because:
      'a form is multipart/form-data, said in a note; the three forms with files outside the workspace are sent by neither',
  },
  'get_cert_cacert.sh': only(REFUSED),
  'get_charles_syntax.sh': only('a Host other than that of the URL is refused'),
  'get_cookies_from_file.sh': only(REFUSED),
  'get_http2_warning.sh': {
    parts: ['http2-settings', 'upgrade'],
    because: 'Keyward does not ask to upgrade to HTTP/2',
  },
  'get_proxy_with_auth.sh': only(REFUSED),
  'get_with_data2.sh': { parts: ['content-length'], because: EMPTY_BODY },
  'get_with_env_var.sh': only(NOT_COMPUTED),
  'multiple_commands.sh': {
    parts: ['content-length', 'transfer-encoding'],
    because: 'curl does not know the length of its standard input; Keyward reads the file',
  },
  'multiple_urls.sh': {
    parts: ['only Keyward sends it'],
    because: 'curl gives up at its first three URLs, which are listed as not executed, before it comes to --next',
  },
  'no_location_with_full_cookie_jar.sh': only(REFUSED),
  'post_with_colon_in_header.sh': { parts: ['content-length'], because: EMPTY_BODY },
  'read_cookies_and_mixed_auth.sh': only(REFUSED),
  'read_stdin.sh': only('there is no standard input'),
  'redirect_command_data.sh': only(NOT_COMPUTED),
  'redirect_command_url_query.sh': only(NOT_COMPUTED),
  'redirect_variable_and_string_data.sh': only(NOT_COMPUTED),
  'redirect_variable_data.sh': only(NOT_COMPUTED),
  'url_query_reads_file.sh': {
    parts: Array.from({ length: 4 }, () => 'only curl sends it'),
    because: 'a query is not read from a file',
  },
};
