// Requests of Postman's collections that have scripts, with the answer that their scripts get: the saved example, else an echo.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Collection, Example, RequestEntry, RequestTemplate, Script } from '../../shared/collection/model.ts';
import type { ScriptRequest } from '../../shared/script/job.ts';
import { plainText } from '../dialects/plain-text.ts';
import { type Answer, echoOf, textType } from './postman-scripts-answers.ts';
import { mapTexts, scriptRequest, splitAddress } from './postman-scripts-request.ts';
import { partsRead } from './postman-scripts-shape.ts';
import { readScripted } from './script-coverage-read.ts';

export type Values = Readonly<Record<string, string>>;

export interface ScriptCase {
  /** Set and file, then folders and name. */
  readonly id: string;
  readonly collection: Collection;
  readonly entry: RequestEntry;
  /** In their order; what they draw at random is always the same. */
  readonly scripts: readonly Script[];
  /** As saved, `{{names}}` in it. */
  readonly saved: ScriptRequest;
  /** As sent. */
  readonly sent: ScriptRequest;
  readonly answer: Answer;
  readonly environment: Values;
  readonly variables: Values;
}

/** One case for each distinct set of scripts, in the order of the files, or of each `every`th. */
export async function readScriptCases(corpora: string, every: number): Promise<readonly ScriptCase[]> {
  const sets = existsSync(corpora) ? readdirSync(corpora).filter((name) => name.startsWith('postman-')) : [];
  const seen = new Set<string>();
  const cases: ScriptCase[] = [];
  for (const set of sets.sort()) {
    for (const collection of await readScripted(join(corpora, set))) {
      for (const entry of collection.requests) {
        const template = entry.open();
        const key = template.scripts.map(({ phase, source }) => `${phase}\n${source}`).join('\n');
        if (key === '' || seen.has(key)) continue;
        if (seen.size % every === 0)
          cases.push(toCase(`${set}/${collection.file}`, collection, entry, template, seen.size % 2 === 0));
        seen.add(key);
      }
    }
  }
  return cases;
}

/** `isSet`: whether variables that only an environment can have do have values. */
function toCase(
  file: string,
  collection: Collection,
  entry: RequestEntry,
  template: RequestTemplate,
  isSet: boolean,
): ScriptCase {
  const saved = scriptRequest(template);
  const own = collection.variables().filter(({ enabled }) => enabled);
  const variables = Object.fromEntries(own.map(({ name, value }) => [name, plainText(value)]));
  const environment = isSet ? valuesFor(namesIn(template, saved), variables) : {};
  const sent = splitAddress(mapTexts(saved, (text) => replaceIn(text, { ...variables, ...environment })));
  const id = [file, [...entry.folders, entry.name].join(' / ')].join(' › ');
  const example = template.examples.find(({ body }) => body !== undefined);
  const answer = example ? answerOf(example) : echoOf(sent, partsRead(template.scripts.map(({ source }) => source)));
  const scripts = template.scripts.map((script) => ({ ...script, source: undrawn(script.source) }));
  return { id, collection, entry, scripts, saved, sent, answer, environment, variables };
}

function undrawn(source: string): string {
  return source.replaceAll('Math.random()', '0.375');
}

function answerOf({ status = 200, headers, body = '' }: Example): Answer {
  const stated = headers.map(({ name, value }) => ({ name: plainText(name), value: plainText(value) }));
  const isTyped = stated.some(({ name }) => name.toLowerCase() === 'content-type');
  return { status, headers: isTyped ? stated : [...stated, textType(body)], body };
}

const READS =
  /(?:\{\{([\w.-]+)\}\}|(?:variables|environment|globals|Variables)\.get\(\s*["']([^"']+)["']|get(?:Environment|Global)Variable\(\s*["']([^"']+)["'])/g;

function namesIn({ scripts }: RequestTemplate, saved: ScriptRequest): readonly string[] {
  const text = JSON.stringify(saved) + scripts.map(({ source }) => source).join('\n');
  return [...text.matchAll(READS)].map(([, ...groups]) => groups.find((group) => group !== undefined) ?? '');
}

function valuesFor(names: readonly string[], known: Values): Values {
  return Object.fromEntries(
    names.filter((name) => !Object.hasOwn(known, name)).map((name) => [name, `value-of-${name}`]),
  );
}

function replaceIn(text: string, values: Values): string {
  return text.replace(/\{\{([^{}]+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}
