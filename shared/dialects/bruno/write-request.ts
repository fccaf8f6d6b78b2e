// One request as a .bru file. What folders say about it is written into the request itself: the model has it merged.
import type {
  AnswerVariable,
  Assertion,
  BodyTemplate,
  RequestSettings,
  RequestTemplate,
  Variable,
} from '../../collection/model.ts';
import { writeScripts } from '../opencollection/write-scripts.ts';
import type { WritableRequest } from '../writer.ts';
import { writeAuth } from './write-auth.ts';
import { fieldPairs, writeBody } from './write-body.ts';
import { writeExample } from './write-example.ts';
import { joinBlocks, type Lose, noteText, pairsBlock, textBlock, valueText, writeTemplate } from './write-text.ts';
import { queryPairs, urlText } from './write-url.ts';

/** The text of a request's file; undefined, with a loss, for a kind that Bruno does not have. */
export function writeRequest({ entry, template }: WritableRequest, seq: number, lose: Lose): string | undefined {
  for (const note of template.notes ?? []) lose(`something that was left out before: ${note}`);
  const protocol = OTHER.get(entry.method);
  const isUnstated = entry.notExecutable !== undefined && entry.method === 'GET' && template.url.address.length === 0;
  if (entry.notExecutable !== undefined && !protocol && !isUnstated) {
    lose('the request: Bruno has no such kind');
    return undefined;
  }
  if (!/^\S+$/.test(template.method)) {
    lose('the request: its method is no word');
    return undefined;
  }
  if (template.method !== template.method.toUpperCase()) lose('the small letters of the method');
  const tags = (entry.tags ?? []).map((tag) => safeTag(tag, lose));
  const sent = { ...template, body: sentBody(template, lose) };
  const type = protocol ?? (sent.body.kind === 'graphql' ? 'graphql' : 'http');
  const meta = `meta {\n  name: ${valueText(entry.name, lose)}\n  type: ${type}\n  seq: ${seq}\n${tagsText(tags)}}\n`;
  if (isUnstated) return meta;
  return joinBlocks([meta, ...(protocol ? writeOther(template, protocol, lose) : writeHttp(sent, lose))]);
}

const OTHER: ReadonlyMap<string, 'grpc' | 'ws'> = new Map([
  ['GRPC', 'grpc'],
  ['WEBSOCKET', 'ws'],
]);

function safeTag(tag: string, lose: Lose): string {
  const safe = tag.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-');
  if (safe !== tag) lose('characters of a tag that Bruno does not allow');
  return safe || '-';
}

function tagsText(tags: readonly string[]): string {
  return tags.length === 0 ? '' : `  tags: [\n${tags.map((tag) => `    ${tag}\n`).join('')}  ]\n`;
}

const METHODS: ReadonlySet<string> = new Set([
  'get',
  'post',
  'put',
  'delete',
  'patch',
  'options',
  'head',
  'connect',
  'trace',
]);

// As postman-runtime, after which plans are made; Bruno sends the body that is chosen.
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'COPY', 'HEAD', 'PURGE', 'UNLOCK']);

function writeHttp(template: RequestTemplate, lose: Lose): string[] {
  const { method, settings } = template;
  const body = writeBody(template.body, template.headers, lose);
  const auth = template.auth.from === 'collection' ? { mode: 'inherit', block: '' } : writeAuth(template.auth, lose);
  const url = urlText(template.url);
  return [
    methodBlock(method, [`url: ${valueText(url, lose)}`, `body: ${body.mode}`, `auth: ${auth.mode}`]),
    pairsBlock('params:query', queryPairs(template.url, lose), lose),
    pairsBlock('params:path', fieldPairs(template.url.pathVariables), lose),
    pairsBlock('headers', fieldPairs(body.headers), lose),
    auth.block,
    ...body.blocks,
    ...writeRest(template, lose),
    settingsBlock(settings, lose),
    textBlock('docs', template.description ?? ''),
    ...template.examples.map((example) => writeExample(example, { method, url }, lose)),
  ];
}

function sentBody({ method, settings, body }: RequestTemplate, lose: Lose): BodyTemplate {
  const isSent = !WITHOUT_BODY.has(method) || settings.disableBodyPruning === true;
  if (isSent || body.kind === 'none') return body;
  lose('the body: a request of this method does not send it');
  return { kind: 'none' };
}

function methodBlock(method: string, lines: readonly string[]): string {
  const name = method.toLowerCase();
  const all = METHODS.has(name) ? lines : [`method: ${method}`, ...lines];
  return `${METHODS.has(name) ? name : 'http'} {\n${all.map((line) => `  ${line}\n`).join('')}}\n`;
}

function writeOther(template: RequestTemplate, protocol: 'grpc' | 'ws', lose: Lose): string[] {
  lose('the messages of the request');
  const auth = template.auth.from === 'collection' ? { mode: 'inherit', block: '' } : writeAuth(template.auth, lose);
  const lines = [`url: ${valueText(urlText(template.url), lose)}`, `body: ${protocol}`, `auth: ${auth.mode}`];
  return [
    `${protocol} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`,
    pairsBlock(protocol === 'grpc' ? 'metadata' : 'headers', fieldPairs(template.headers), lose),
    auth.block,
    ...writeRest(template, lose),
    textBlock('docs', template.description ?? ''),
  ];
}

function writeRest(template: RequestTemplate, lose: Lose): string[] {
  const scripts = template.scripts.filter(({ from }) => from !== 'collection');
  if (scripts.some(({ source }) => /\bpm\s*\./.test(source))) lose("what a script calls of Postman's pm");
  return [
    variablesBlock(mergeLists(template.folderVariables), lose),
    answerVariablesBlock(template.answerVariables ?? [], lose),
    assertBlock(template.assertions ?? [], lose),
    ...scriptBlocks(scripts),
  ];
}

const SCRIPT_BLOCKS: ReadonlyMap<unknown, string> = new Map([
  ['before-request', 'script:pre-request'],
  ['after-response', 'script:post-response'],
  ['tests', 'tests'],
]);

export function scriptBlocks(scripts: Parameters<typeof writeScripts>[0]): string[] {
  return writeScripts(scripts).map(({ type, code }) => textBlock(SCRIPT_BLOCKS.get(type) ?? 'tests', String(code)));
}

export function variablesBlock(variables: readonly Variable[], lose: Lose): string {
  const pairs = variables.map(({ name, value, enabled, description }) => ({
    name,
    value: writeTemplate(value),
    enabled,
    ...(description !== undefined && { description }),
  }));
  return pairsBlock('vars:pre-request', pairs, lose);
}

/** A `@` in front of a name says that it is of the request. */
function answerVariablesBlock(variables: readonly AnswerVariable[], lose: Lose): string {
  const pairs = variables.map(({ name, expression, enabled, scope, description }) => {
    if (scope !== undefined && scope !== 'request') lose(`the scope of a variable from the answer: ${scope}`);
    return {
      name: scope === 'request' ? `@${name}` : name,
      value: expression,
      enabled,
      ...(description !== undefined && { description }),
    };
  });
  return pairsBlock('vars:post-response', pairs, lose);
}

/** Lists of variables, nearest first, as one: a nearer one hides those of its name. */
function mergeLists(lists: readonly (readonly Variable[])[]): Variable[] {
  const hidden = new Set<string>();
  const kept: Variable[][] = [];
  for (const list of lists) {
    kept.unshift(list.filter(({ name }) => !hidden.has(name)));
    for (const { name, enabled } of list) if (enabled) hidden.add(name);
  }
  return kept.flat();
}

/** An expression ends at its first colon, whatever stands around it. */
function assertBlock(assertions: readonly Assertion[], lose: Lose): string {
  const lines = assertions.flatMap(({ expression, operator, value, enabled, description }): string[] => {
    if (/[:\n]|^[~@]/.test(expression)) {
      lose('an assertion whose expression has a colon');
      return [];
    }
    const text = `${operator}${value === undefined ? '' : ` ${writeTemplate(value)}`}`;
    return [`${noteText(description)}  ${enabled ? '' : '~'}${expression.trim()}: ${valueText(text, lose)}\n`];
  });
  return lines.length === 0 ? '' : `assert {\n${lines.join('')}}\n`;
}

/** Settings that Bruno has, and those that say what it does anyway. */
const WRITTEN: ReadonlySet<string> = new Set([
  'followRedirects',
  'maxRedirects',
  'timeoutMs',
  'followAuthorizationHeader',
  'disableBodyPruning',
  'disableUrlEncoding',
]);

function settingsBlock(settings: RequestSettings, lose: Lose): string {
  for (const name of Object.keys(settings)) if (!WRITTEN.has(name)) lose(`the setting ${name}`);
  const { followRedirects, maxRedirects, timeoutMs, followAuthorizationHeader } = settings;
  const stated: readonly (readonly [string, boolean | number | undefined])[] = [
    ['timeout', timeoutMs],
    ['followRedirects', followRedirects],
    ['maxRedirects', maxRedirects],
    ['forwardAuthorizationHeader', followAuthorizationHeader],
  ];
  const pairs = stated.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: String(value) }]));
  return pairsBlock('settings', pairs, lose);
}
