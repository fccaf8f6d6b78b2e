// Every failure of the product: code → what happened, what to do, whether the same call may work later.
// `{name}` is filled from the failure's facts. Texts are written to be acted on by an agent; they hold no message of
// a parser, the operating system or a server, because those can carry secrets.

export interface CatalogueEntry {
  readonly title: string;
  readonly fix: string;
  readonly retryable: boolean;
}

const entry = (title: string, fix: string, retryable = false): CatalogueEntry => ({ title, fix, retryable });

export const catalogue = {
  'COLLECTION/UNREADABLE': entry(
    'The file {file} cannot be read.',
    'Check that it exists and that this user may read it.',
    true,
  ),
  'COLLECTION/MALFORMED': entry(
    'The file {file} does not parse: {problem}.',
    'Repair the file at the place given; the rest of the workspace is served.',
  ),
  'COLLECTION/UNSUPPORTED': entry(
    'The file {file} is in a format that is not supported: {format}.',
    'Export it as Postman v2.1 and add that file.',
  ),
  'COLLECTION/TOO_LARGE': entry(
    'The file {file} is larger than {limitBytes} bytes.',
    'Split the collection, or leave the file out of the workspace.',
  ),
  'COLLECTION/TOO_MANY': entry(
    'The workspace holds more than {limit} {what}.',
    'Name the collections to serve in keyward.yaml, or point at a smaller folder.',
  ),
  'COLLECTION/IGNORE_FILE': entry(
    'The ignore file {file} cannot be followed, so nothing of its folder is served: {problem}.',
    'Repair the ignore file, or name the files to serve in keyward.yaml.',
  ),
  'COLLECTION/NOT_FOUND': entry(
    'No collection matches "{ref}".',
    'Use an id from list_collections. Nearest: {nearest}.',
  ),
  'COLLECTION/AMBIGUOUS': entry('More than one collection is called "{ref}".', 'Use one of these ids: {candidates}.'),

  'REQUEST/NOT_FOUND': entry('No request matches "{ref}".', 'Use an id from list_requests. Nearest: {nearest}.'),
  'REQUEST/AMBIGUOUS': entry('More than one request is called "{ref}".', 'Use one of these ids: {candidates}.'),
  'REQUEST/ENVIRONMENT_NOT_FOUND': entry(
    'No environment matches "{ref}".',
    'Use an id from list_environments. Nearest: {nearest}.',
  ),
  'REQUEST/ENVIRONMENT_AMBIGUOUS': entry(
    'More than one environment is called "{ref}".',
    'Use one of these ids: {candidates}.',
  ),
  'REQUEST/URL_INVALID': entry(
    'The request has no usable URL: {problem}.',
    'Set the variables that the URL needs; describe_request shows them.',
  ),
  'REQUEST/METHOD_INVALID': entry(
    'The method "{method}" cannot be sent.',
    'Correct the method in the collection file: an HTTP method token, and not CONNECT, TRACE or TRACK.',
  ),
  'REQUEST/HEADER_INVALID': entry('The header "{name}" cannot be sent: {problem}.', 'Remove or correct this header.'),
  'REQUEST/BODY_INVALID': entry(
    'The body cannot be built: {problem}.',
    'Correct the body in the collection file or in the call.',
  ),
  'REQUEST/BODY_TOO_LARGE': entry('The request body is larger than {limitBytes} bytes.', 'Send a smaller body.'),
  'REQUEST/FILE_UNAVAILABLE': entry(
    'The file "{file}" that the body names cannot be sent: {problem}.',
    'Put the file inside the workspace; files outside are never sent.',
  ),
  'REQUEST/FILE_MISMATCH': entry(
    'The file "{file}" that the body names is not what its name says: it holds {found}, and .{extension} is {expected}.',
    'Nothing was sent. Rename the file to what it is, or name another one.',
  ),
  'REQUEST/AUTH_UNSUPPORTED': entry(
    'The auth type "{type}" is not supported yet.',
    'Nothing was sent. Use one of the types that docs/reference/formats.md lists, or set the auth of this request to none.',
  ),
  'REQUEST/AUTH_INCOMPLETE': entry(
    'The {type} auth of this request has no {field}.',
    'Nothing was sent. Set {field} in the collection, or bind it to a handle with {{vault:NAME}}.',
  ),
  'REQUEST/AUTH_INVALID': entry(
    'The {type} auth of this request cannot be used: {problem}.',
    'Nothing was sent. Correct the auth in the collection, or the value of the secret that it names.',
  ),
  'REQUEST/LOGIN_REQUIRED': entry(
    'The {type} auth of this request needs a person to log in once.',
    'Nothing was sent. The operator runs: keyward login {request}.',
  ),
  'REQUEST/TOKEN_REFUSED': entry(
    'The authorization server {origin} gave no token ({error}).',
    'The request itself was not sent. Check client, scope and credentials of its auth with the operator.',
  ),
  'REQUEST/NOT_EXECUTABLE': entry(
    'The request is listed only: {reason}.',
    'Nothing was sent. Use a client for that protocol, or mend the file that the status lists as broken.',
  ),
  'REQUEST/NOT_READ_ONLY': entry('{method} is not a read-only request.', 'Use execute_request for it.'),

  'TEMPLATE/VARIABLE_MISSING': entry(
    'The variable "{name}" has no value.',
    'Pass it in variables, choose an environment, or set it in the collection. Nearest: {nearest}.',
  ),
  'TEMPLATE/CYCLE': entry(
    'The variable "{name}" refers to itself: {path}.',
    'Break the cycle in the collection or environment.',
  ),
  'TEMPLATE/TOO_DEEP': entry('Variables are nested deeper than {limit} levels at "{name}".', 'Flatten the variables.'),
  'TEMPLATE/TOO_LARGE': entry(
    'A rendered value is larger than {limitBytes} bytes.',
    'Shorten the variables that make it.',
  ),

  'TEMPLATE/CLAIM_MISSING': entry(
    'The variable "{name}" comes from a claim that this caller does not have.',
    'Ask the operator of the authorization server for the claim; it cannot be given as a variable.',
  ),
  'TEMPLATE/CLAIM_MISPLACED': entry(
    'The variable "{name}" comes from a claim of the caller and cannot be used there: {problem}.',
    'Use it in the path or the query of an https URL only.',
  ),
  'TEMPLATE/UNSUPPORTED': entry(
    'The request uses something that is not computed here: {problem}.',
    'Nothing was sent. Put a plain value or variable in its place in the collection.',
  ),

  'SECRET/NOT_FOUND': entry(
    'There is no secret called "{name}".',
    'The operator can add it: keyward secrets set {name} --origin URL. Nearest: {nearest}.',
  ),
  'SECRET/ORIGIN_NOT_BOUND': entry(
    '{secret} is not bound to {origin}.',
    'Nothing was sent. The operator can bind a handle: keyward secrets bind NAME --origin {origin}.',
  ),
  'SECRET/PLACE_NOT_ALLOWED': entry(
    '{secret} may not stand in the {place}.',
    'Nothing was sent. Secrets go into auth fields, headers, query, body and cookies, a handle where its operator lets it: secrets bind NAME --place.',
  ),
  'SECRET/EXPIRED': entry(
    'The secret "{name}" expired on {expired}.',
    'Nothing was sent. The operator gives it a new value: keyward secrets rotate {name} --expires 90d, or set {name} --replace (--writing for its writing credential).',
  ),
  'SECRET/EXPIRY_UNKNOWN': entry(
    'Whether the secret "{name}" has expired cannot be told: the clock of this machine is behind the day it was stored.',
    'Nothing was sent. Set the clock of the machine right.',
  ),
  'SECRET/CAPTURED_GONE': entry(
    'There is no {name} any more.',
    'Nothing was sent. Captured tokens live for some hours in this server only, for the caller who got them: log in again.',
  ),
  'SECRET/METHOD_NOT_ALLOWED': entry(
    'The secret "{name}" may not go with {method}.',
    'Nothing was sent. The operator decides this: keyward secrets bind {name} --method {method} (--writing for its writing credential).',
  ),
  'SECRET/WRITING_ONLY': entry(
    'The secret "{name}" has a writing credential only, which never goes with a request that just reads.',
    'Nothing was sent. The operator can add a reading one: keyward secrets set {name} --origin URL.',
  ),
  'SECRET/USED_UP': entry(
    'The secret "{name}" was used as often as it may be ({uses}).',
    'Nothing was sent. The operator gives it a new value: keyward secrets rotate {name} (--writing for its writing credential).',
  ),
  'SECRET/PROVIDER_FAILED': entry(
    'The value of the secret "{name}" could not be had from {provider}: {reason}.',
    'Nothing was sent. The operator checks the provider: keyward secrets describe {name}, keyward doctor.',
    true,
  ),
  'SECRET/EXISTS': entry(
    'A secret called "{name}" exists already.',
    'Add --replace to set a new value; its origins stay unless given anew.',
  ),
  'SECRET/INVALID': entry('The secret cannot be stored: {problem}.', 'Correct it and try again.'),

  'POLICY/DENIED': entry(
    'The policy does not allow this: {reason}.',
    'Rule: {rule}. The operator decides this, in keyward.yaml or by the scopes of the caller.',
  ),
  'POLICY/APPROVAL_REQUIRED': entry(
    'This call needs an approval that this client cannot ask for: {reason}.',
    'Use a client with elicitation, or the operator sets approvals.unsafe: allow (or access: full) in keyward.yaml and runs keyward trust.',
  ),
  'POLICY/APPROVAL_EXPIRED': entry(
    'Nobody answered whether this request may be sent, so it was not.',
    'Ask the operator to answer with keyward approvals, and call again.',
    true,
  ),
  'POLICY/APPROVALS_FULL': entry(
    'Too many requests wait for the operator already, so this one was not sent.',
    'Ask the operator to answer with keyward approvals, and call again.',
    true,
  ),
  'POLICY/APPROVAL_NOT_FOUND': entry(
    'There is no approval "{id}".',
    'keyward approvals list shows those that wait and those that hold; --all also those that ended.',
  ),
  'POLICY/APPROVAL_STATE': entry(
    'That cannot be done with the approval "{id}", which is {state}.',
    'keyward approvals list --all shows what has become of each. What has ended is asked about anew when the agent calls again.',
  ),
  'POLICY/APPROVAL_DECLINED': entry(
    'The person asked did not approve this call.',
    'Do not repeat the call unless the person asks for it.',
  ),
  'POLICY/CHANGED': entry(
    'The configuration changed while this call was under way, so nothing was sent.',
    'Call again: what it says now is used.',
    true,
  ),
  'POLICY/UNTRUSTED_CONFIG': entry(
    'keyward.yaml loosens the defaults and is not trusted: {what}.',
    'The operator reviews and accepts it: keyward trust.',
  ),

  'NETWORK/ADDRESS_DENIED': entry(
    '{host} is a denied address ({verdict}).',
    'Nothing was sent. The operator can allow an origin or range in keyward.yaml under network.allow; cloud metadata stays denied.',
  ),
  'NETWORK/SCHEME_DENIED': entry('Only http and https are allowed, not "{scheme}".', 'Correct the URL.'),
  'NETWORK/NAME_UNRESOLVED': entry('The name {host} does not resolve.', 'Check the host in the URL.', true),
  'NETWORK/CONNECT_FAILED': entry('No connection to {origin} ({reason}).', 'Check that the service is up.', true),
  'NETWORK/TLS_FAILED': entry(
    'The TLS connection to {origin} failed ({reason}).',
    'Check the certificate of the service; a private CA goes into network.tls.ca, a client certificate into network.tls.origins.',
  ),
  'NETWORK/PROXY_AUTH': entry(
    'The proxy {proxy} lets nothing through: {reason}.',
    'Nothing was sent. The operator sets network.proxyCredentials in keyward.yaml and binds the password: keyward secrets set NAME --origin {proxy}.',
  ),
  'NETWORK/TIMEOUT': entry(
    'No complete answer from {origin} within {timeoutMs} ms.',
    'Try again, or pass a larger timeout_ms.',
    true,
  ),
  'NETWORK/CANCELLED': entry('The call was cancelled.', 'Call again if the result is still wanted.', true),
  'NETWORK/RESPONSE_TOO_LARGE': entry(
    'The request was sent, and the header of its answer is larger than {limitBytes} bytes: nothing of it can be used.',
    'The service is at fault; do not send a request that changes data again before you know what became of it.',
  ),
  'NETWORK/RESPONSE_INVALID': entry(
    'The answer of {origin} is not valid HTTP ({reason}).',
    'The service is at fault; try again later.',
    true,
  ),
  'NETWORK/REDIRECT_DENIED': entry(
    'A redirect was not followed: {reason}.',
    'Call the target directly if that is intended.',
  ),
  'NETWORK/TOO_MANY_REDIRECTS': entry('More than {limit} redirects.', 'Call the final target directly.'),
  'NETWORK/CANNOT_LISTEN': entry(
    'Nothing can listen at {address} ({reason}).',
    'Choose another address with --http, or end what listens there.',
  ),

  'SCRIPT/FAILED': entry(
    'The {label} failed: {problem}.',
    'Correct the script in its file; describe_request names it. A request whose script before it fails is not sent.',
  ),
  'SCRIPT/TIME_LIMIT': entry(
    'The scripts of this request took longer than {limitMs} ms and were stopped.',
    'Make them shorter, or let the operator raise limits.scriptMs in keyward.yaml.',
  ),
  'SCRIPT/MEMORY_LIMIT': entry(
    'The scripts of this request used more memory than there is for them.',
    'Make them use less.',
  ),
  'SCRIPT/OUTPUT_LIMIT': entry(
    'The scripts of this request gave back more than is taken: {problem}.',
    'Make them write, log or test less.',
  ),
  'SCRIPT/TOO_LARGE': entry(
    '{what} is too large for scripts: more than {limit} characters.',
    'Scripts are not run for it; send a request with a smaller answer.',
  ),
  'SCRIPT/CRASHED': entry(
    'The process that ran the scripts of this request ended.',
    'Try again; the next call gets a new one.',
    true,
  ),
  'SCRIPT/UNAVAILABLE': entry(
    'The sandbox for scripts cannot be started: its image is missing or damaged.',
    'Nothing was run. Install Keyward again.',
  ),
  'SCRIPT/BUSY': entry(
    'The scripts of this request were not run: too many others run or wait.',
    'Try again later, with fewer requests at once.',
    true,
  ),
  'SCRIPT/SECRET_TAKEN_APART': entry(
    'A script takes the reference of a secret apart, so that its value can no longer be put in its place ({place}).',
    'Use it as a whole, or with btoa, encodeURIComponent, CryptoJS hashes, Buffer or a JWT library, which work on references.',
  ),
  'SCRIPT/NOT_COMPUTED': entry(
    'What a script computes over a secret cannot be computed: {problem}.',
    'Nothing was sent. Correct the script, or the value of the secret that it uses.',
  ),
  'SCRIPT/UNSUPPORTED': entry(
    'A script uses what Keyward does not have: {api}.',
    'docs/scripts.md lists what scripts can use.',
  ),
  'SCRIPT/TOO_MANY_SENDS': entry(
    'The scripts of this request send more than {limit} requests.',
    'Send fewer; requests that run each other count together.',
  ),
  'SCRIPT/TOO_DEEP': entry(
    'Scripts run requests whose scripts run requests, more than {limit} deep.',
    'Look for requests that run each other in a circle.',
  ),
  'SCRIPT/DRY_RUN': entry('In a dry run scripts send nothing.', 'Call without dry_run to see what comes of it.'),

  'VAULT/KEY_UNAVAILABLE': entry(
    'The key of the vault cannot be had: {reason}.',
    '{recovery} Nothing was changed.',
    true,
  ),
  'VAULT/KEY_WRONG': entry(
    'The key given does not open this vault.',
    'Use the key source that the vault was made with ({source}). Nothing was changed.',
  ),
  'VAULT/CORRUPT': entry(
    'A record of the vault was changed or damaged: {what}.',
    'Restore the data folder from a backup, or delete the secret and set it again.',
  ),
  'VAULT/ROLLED_BACK': entry(
    'The vault is older than it was: change {found}, where change {seen} was seen.',
    'An old copy was put in its place. If you restored a backup on purpose, remove {counter} and try again. Nothing was changed.',
  ),
  'VAULT/ABSENT': entry(
    'There is no vault yet.',
    'The operator makes one with the first secret: keyward secrets set NAME --origin URL.',
  ),
  'VAULT/NOT_WRITABLE': entry(
    'The vault cannot be written ({reason}).',
    'Free disk space and check the rights of the data folder. Nothing was lost.',
    true,
  ),
  'VAULT/REKEYED': entry(
    'Another process changed the key of the vault at the same time.',
    'Nothing of this run was kept. Run it again if it is still wanted.',
    true,
  ),
  'VAULT/NOT_EMPTY': entry(
    'The vault holds {secrets} already.',
    'Add --merge to add what is missing and keep what is there, or --replace NAME for each secret to take from the backup. Nothing was changed.',
  ),
  'VAULT/BACKUP_INVALID': entry(
    'The backup {file} cannot be used: {problem}.',
    'Use another copy of it, and the passphrase that it was made with. Nothing was changed.',
  ),
  'VAULT/BACKUP_OLDER': entry(
    'The backup is older than the vault: {what}.',
    'Restoring it brings back what was rotated or deleted since. Add --yes if that is meant. Nothing was changed.',
  ),
  'VAULT/BACKUP_NOT_WRITTEN': entry(
    'The backup {file} was not written: {problem}.',
    'Name another file, or add --force to replace one. Nothing was left behind.',
  ),

  'JOURNAL/NOT_WRITABLE': entry(
    'The journal cannot be written ({reason}), so nothing was sent.',
    'Free disk space and check the rights of the data folder.',
    true,
  ),
  'JOURNAL/NOT_ARCHIVED': entry(
    'The archive {file} was not written: {problem}.',
    'Nothing was removed that it lacks. Name a file that is not there yet, on a disk with room.',
  ),
  'JOURNAL/CHECKPOINT_INVALID': entry(
    'The checkpoint does not hold: {problem}.',
    'Compare with another copy of the checkpoint; if it is genuine, the journal was cut or changed.',
  ),
  'JOURNAL/BROKEN': entry(
    'The journal does not verify at entry {seq}: {problem}.',
    'Entries were changed, removed or reordered. Keep the file and compare it with a backup.',
  ),

  'CONFIG/UNREADABLE': entry('The configuration {file} cannot be read.', 'Check the file and its rights.'),
  'CONFIG/INVALID': entry('The configuration {file} is not valid: {problem}.', 'Correct the line given.'),
  'CONFIG/HOME_UNSAFE': entry(
    'The data folder {home} is not safe: {problem}.',
    'Make it owned by this user with mode 0700, or choose another with --home.',
  ),

  'INPUT/INVALID': entry('The arguments are not valid: {problem}.', 'Correct the argument named.'),
  'INPUT/CURSOR_INVALID': entry('The cursor is not valid here.', 'Call again without cursor to start over.'),
  'INPUT/SELECT_INVALID': entry(
    'The select expression does not work: {problem}.',
    'Write a JMESPath expression, such as items[].id.',
  ),
  'INPUT/NOT_ACCEPTED': entry('This endpoint does not take that: {problem}.', 'Send JSON-RPC as POST to /mcp.'),
  'INPUT/TOO_LARGE': entry('The message is larger than {limitBytes} bytes.', 'Send less.'),
  'INPUT/RESPONSE_EXPIRED': entry(
    'There is no kept response "{ref}".',
    'Kept responses live for a short time in this server only; execute the request again.',
  ),

  'OUTPUT/NOT_WRITABLE': entry(
    'The folder {path} cannot be written ({reason}).',
    'Check disk space and rights, or name another folder. Nothing was left behind.',
    true,
  ),

  'ACCESS/DENIED': entry('This caller may not do that.', 'Ask the operator for access.'),
  'ACCESS/UNAUTHENTICATED': entry(
    'The call carries no credential that is valid here.',
    'Send Authorization: Bearer with a key of keyward access create, or with a token of the authorization server.',
  ),
  'ACCESS/INSUFFICIENT_SCOPE': entry('The credential lacks a scope: {scopes}.', 'Get one with these scopes.'),
  'ACCESS/HOST_DENIED': entry(
    'This server is not served under that host name.',
    'Use a name that the operator allowed.',
  ),
  'ACCESS/ORIGIN_DENIED': entry('Pages of that origin may not call.', 'Use an origin that the operator allowed.'),
  'ACCESS/RATE_LIMITED': entry('Too many calls: {limit}.', 'Wait {seconds} seconds and call again.', true),
  'ACCESS/UNAVAILABLE': entry('Callers cannot be told apart now: {reason}.', 'Call again in a moment.', true),
  'ACCESS/STOPPING': entry('The server is stopping; nothing of the call was begun.', 'Call again in a moment.', true),
  'ACCESS/SCOPE_INVALID': entry(
    'There is no scope "{scope}".',
    'Use read, execute, execute:unsafe, history, secrets, collection:NAME, environment:NAME or handle:NAME. Nearest: {nearest}.',
  ),
  'ACCESS/KEY_NOT_FOUND': entry('There is no key "{name}".', 'keyward access list shows the keys. Nearest: {nearest}.'),
  'ACCESS/KEY_EXISTS': entry('There is a key "{name}" already.', 'Choose another name, or rotate or revoke that one.'),

  'INTERNAL/BUG': entry(
    'Something went wrong inside Keyward.',
    'Report it with the correlation id; no secret is in it.',
  ),
  'INTERNAL/WITHHELD': entry(
    'The answer was withheld because it could not be made safe: {reason}.',
    'Ask for a smaller or simpler answer.',
  ),
  'INTERNAL/STATE_UNAVAILABLE': entry(
    'The data folder cannot be opened ({reason}).',
    'Check disk space and rights of the data folder, or choose another with --home.',
    true,
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type FailureCode = keyof typeof catalogue;
