// What stands before the headers of a request: comments with tags, variables, pre-request scripts and the request line.
import { type Block, type Line, lineAt } from './blocks.ts';
import { isRequestLine, readTarget, type Target } from './request-line.ts';
import { readScript, type SourceText } from './scripts.ts';

export interface Head {
  readonly request?: Target;
  readonly tags: ReadonlyMap<string, string>;
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly scripts: readonly SourceText[];
  readonly description: string;
  readonly notes: readonly string[];
  /** Offset of a line that is none of these. */
  readonly stray?: number;
}

// The last group takes all that is left, so that no text is gone over twice.
const TAG = /^(?:#|\/\/)\s*@([A-Za-z][\w-]*)(.*)$/s;
const VARIABLE = /^@([^\s=:]+)\s*:?=(.*)$/s;

const SCRIPT_FILES = 'Scripts from files are not run';
const OTHER_FILES = 'Requests of other files are not run before it';

interface Draft {
  readonly tags: Map<string, string>;
  readonly variables: [string, string][];
  readonly scripts: SourceText[];
  readonly prose: string[];
  readonly notes: Set<string>;
  stray?: number;
}

export function readHead(text: string, block: Block): Head {
  const draft: Draft = { tags: new Map(), variables: [], scripts: [], prose: [], notes: new Set() };
  for (let at = block.start; at < block.end; ) {
    const line = lineAt(text, at, block.end);
    const trimmed = line.text.trim();
    if (draft.stray === undefined && isRequestLine(trimmed)) {
      return finish(draft, readTarget(text, line, block.end));
    }
    at = takeLine(draft, text, { ...line, text: trimmed }, block.end);
  }
  return finish(draft);
}

/** Takes in a line that is no request line; gives the offset to go on from. */
function takeLine(draft: Draft, text: string, line: Line, end: number): number {
  const { text: trimmed, next } = line;
  if (trimmed === '') return next;
  if (/^(?:#|\/\/)/.test(trimmed)) takeComment(draft, trimmed);
  else if (trimmed.startsWith('@')) takeVariable(draft, trimmed, line.start);
  else if (/^<\s*\{%/.test(trimmed)) {
    const script = readScript(text, text.indexOf('{%', line.start), end);
    draft.scripts.push(script.source);
    return script.next;
  } else if (/^<\s/.test(trimmed)) draft.notes.add(SCRIPT_FILES);
  else if (/^(?:run|import)\s/.test(trimmed)) draft.notes.add(OTHER_FILES);
  else if (!/^>/.test(trimmed)) draft.stray ??= line.start;
  return next;
}

function takeComment(draft: Draft, line: string): void {
  const [, name, rest = ''] = TAG.exec(line) ?? [];
  if (name === undefined || !/^(?:[\s=:]|$)/.test(rest)) draft.prose.push(line.replace(/^(?:#+|\/\/) ?/, ''));
  else draft.tags.set(name.toLowerCase(), textBehind(rest.trim()));
}

/** What stands behind a tag, without the `=` or `:` between them. */
function textBehind(rest: string): string {
  return /^[=:]/.test(rest) ? rest.slice(1).trim() : rest;
}

function takeVariable(draft: Draft, line: string, start: number): void {
  const [, name, stated = ''] = VARIABLE.exec(line) ?? [];
  const value = stated.trim();
  if (name === undefined) draft.stray ??= start;
  else draft.variables.push([name, /^"[^"]*"$/.test(value) ? value.slice(1, -1) : value]);
}

function finish({ tags, variables, scripts, prose, notes, stray }: Draft, request?: Head['request']): Head {
  return {
    tags,
    variables,
    scripts,
    description: prose.join('\n').trim(),
    notes: [...notes],
    ...(request && { request }),
    ...(stray !== undefined && { stray }),
  };
}
