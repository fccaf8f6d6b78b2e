import type { Script } from '../../collection/model.ts';
import { linesOf } from './blocks.ts';

export interface SourceText {
  readonly language: string;
  readonly source: string;
}

const SCRIPT_FILES = 'Scripts from files are not run';
const SAVED = 'The answer is not written to a file';
const RECORDED = 'A recorded answer is not shown';

/** A script between `{%`, where it starts, and `%}`; one that is not closed goes on to the end. */
export function readScript(
  text: string,
  open: number,
  end: number,
): { readonly source: SourceText; readonly next: number } {
  const block = text.slice(open + 2, end);
  const found = block.indexOf('%}');
  const close = found === -1 ? end : open + 2 + found;
  const source = block.slice(0, close - open - 2).trim();
  const line = text.indexOf('\n', close);
  const language = /^--\s*lua\b/.test(source) ? 'lua' : 'javascript';
  return { source: { language, source }, next: line === -1 || line >= end ? end : line + 1 };
}

const HANDLER = /^(?:>\s*\{%|>\s+\S+\.(?:[cm]?js|ts|lua)\s*$|>>!?\s+\S|<>\s+\S)/;

/** Whether a line belongs to what is done with the answer, and no longer to the request. */
export function isHandler(line: string): boolean {
  return HANDLER.test(line);
}

export interface Handlers {
  readonly scripts: readonly SourceText[];
  readonly notes: readonly string[];
  /** Whether there is text that is none: of the body, as clients without such handlers read it. */
  readonly hasOther: boolean;
}

/** What is done with the answer: the scripts, and a sentence for what is left out of it. */
export function readHandlers(text: string, start: number, end: number): Handlers {
  const scripts: SourceText[] = [];
  const notes = new Set<string>();
  let hasOther = false;
  let from = start;
  for (const line of linesOf(text, start, end)) {
    if (line.start < from) continue;
    if (/^>\s*\{%/.test(line.text)) {
      const script = readScript(text, text.indexOf('{%', line.start), end);
      scripts.push(script.source);
      from = script.next;
    } else if (!isHandler(line.text)) hasOther ||= !/^\s*(?:#|\/\/|$)/.test(line.text);
    else if (/^>>/.test(line.text)) notes.add(SAVED);
    else notes.add(/^<>/.test(line.text) ? RECORDED : SCRIPT_FILES);
  }
  return { scripts, notes: [...notes], hasOther };
}

export function toScripts(sources: readonly SourceText[], phase: Script['phase']): Script[] {
  return sources.filter(({ source }) => source !== '').map((source) => ({ phase, from: 'request', ...source }));
}
