// Every way out of the product. A tool or a result field that is not here fails channels.test.ts: whoever adds one says here how
// it is searched, and end-to-end.test.ts searches it.

const executionFields = [
  'content_note',
  'request',
  'dry_run',
  'decision',
  'handles',
  'status',
  'status_text',
  'headers',
  'body',
  'timing',
  'redirects',
  'tests',
  'scripts',
  'captured',
  'redactions',
  'notes',
  'truncated',
  'correlation_id',
  'content_end',
];

/** Result fields of each tool. All of them leave through `present` and stand in the client's bytes. */
export const resultFields: Readonly<Record<string, readonly string[]>> = {
  list_collections: ['content_note', 'collections', 'problems', 'next_cursor', 'truncated', 'content_end'],
  list_requests: ['content_note', 'requests', 'next_cursor', 'truncated', 'content_end'],
  describe_request: [
    'content_note',
    'id',
    'name',
    'collection_id',
    'collection',
    'path',
    'method',
    'url',
    'params',
    'path_variables',
    'headers',
    'body',
    'auth',
    'docs',
    'tags',
    'notes',
    'not_executable',
    'variables',
    'scripts',
    'examples',
    'access',
    'source',
    'truncated',
    'content_end',
  ],
  list_environments: ['content_note', 'environments', 'next_cursor', 'truncated', 'content_end'],
  get_environment: ['content_note', 'id', 'name', 'variables', 'truncated', 'content_end'],
  execute_request: executionFields,
  execute_read_request: executionFields,
  read_response: [
    'content_note',
    'response_id',
    'kind',
    'content_type',
    'rendered',
    'incomplete',
    'total_chars',
    'offset',
    'text',
    'value',
    'next_offset',
    'note',
    'truncated',
    'content_end',
  ],
  get_history: ['content_note', 'entries', 'next_cursor', 'truncated', 'content_end'],
  list_secrets: ['content_note', 'secrets', 'next_cursor', 'truncated', 'content_end'],
};

/** Fields of what resources are answered with; they leave as tools' results do. */
export const resourceFields: Readonly<Record<string, readonly string[]>> = {
  'resources/list': ['resources', 'next_cursor', 'truncated'],
  'resources/read': [
    'content_note',
    'id',
    'name',
    'format',
    'request_count',
    'requests',
    'next_cursor',
    'truncated',
    'content_end',
  ],
};

/** Fields of what stands behind the task of each prompt, as JSON in the text of its message. */
export const promptFields: Readonly<Record<string, readonly string[]>> = {
  explain_request: ['content_note', 'request', 'content_end'],
  debug_execution: ['content_note', 'problem', 'request', 'executions', 'content_end'],
  write_tests: ['content_note', 'framework', 'request', 'content_end'],
};

/** Fields of lines of the log; log.test.ts writes what looks like a secret into each, and the bytes of servers' stderr are searched. */
export const logLineFields: readonly string[] = [
  'correlationId',
  'error',
  'code',
  'origin',
  'url',
  'approval',
  'caller',
  'closed',
  'status',
  'ms',
  'method',
  'tool',
];

/** What end-to-end.test.ts collects and searches, by the name it uses. */
export const channels = [
  'bytes to the client',
  'bytes from the client',
  'stderr of the server',
  'files of the data folder',
  'texts of failures',
  'questions to a person',
  'journal show',
  'journal export',
  'command line: list',
  'command line: call',
  'command line: doctor',
  'command line: import',
  'command line: export',
  'command line: secrets',
  'command line: vault',
  'command line: login',
  'backups',
  'imported and exported files',
] as const;

/** What http.test.ts collects and searches: the ways out of a server for a team. */
export const httpChannels = [
  'HTTP: heads and bodies of answers',
  'HTTP: stderr of the server',
  'HTTP: health and metrics',
  'HTTP: files of the data folder',
  'command line: access',
  'command line: approvals',
  'command line: journal',
  'checkpoints and archives',
] as const;

export type HttpChannel = (typeof httpChannels)[number];

export type Channel = (typeof channels)[number];
