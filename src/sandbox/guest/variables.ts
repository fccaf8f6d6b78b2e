// The variables of one run, by layer. What was no string keeps its type; what is written is told to the host in its order.

import { limits } from '../../../shared/limits.ts';
import type {
  ReadableLayer,
  ScriptJob,
  ScriptVariable,
  ScriptWrite,
  WritableLayer,
} from '../../../shared/script/job.ts';
import type { LiveReferences } from './live.ts';
import type { Host, Variables } from './run.ts';
import { textOf } from './text-of.ts';

/** As often as Postman looks again for references in what it has put in. */
const MAX_PASSES = 19;

export interface VariableStore extends Variables {
  readonly writes: readonly ScriptWrite[];
  /** The text of the strongest variable of the name. */
  text(name: string): string | undefined;
}

/** `live` is asked for only when a text is filled in, as it needs the variables itself. */
export function createVariables(job: ScriptJob, host: Host, live: () => LiveReferences): VariableStore {
  return new JobVariables(job, host, live);
}

class JobVariables implements VariableStore {
  readonly writes: ScriptWrite[] = [];
  readonly #job: ScriptJob;
  readonly #host: Host;
  readonly #live: () => LiveReferences;
  readonly #layers = new Map<ReadableLayer, Map<string, unknown>>();

  constructor(job: ScriptJob, host: Host, live: () => LiveReferences) {
    this.#job = job;
    this.#host = host;
    this.#live = live;
  }

  get(layer: ReadableLayer, name: string): unknown {
    return this.#layer(layer).get(name);
  }

  has(layer: ReadableLayer, name: string): boolean {
    return this.#layer(layer).has(name);
  }

  find(name: string): unknown {
    return this.#strongest(name)?.get(name);
  }

  text(name: string): string | undefined {
    const layer = this.#strongest(name);
    return layer && variableText(layer.get(name));
  }

  set(layer: WritableLayer, name: string, value: unknown): void {
    this.#write({ layer, name, ...writtenValue(value) });
    this.#layer(layer).set(name, value);
  }

  unset(layer: WritableLayer, name: string): void {
    if (this.#layer(layer).delete(name)) this.#write({ layer, name, value: null });
  }

  clear(layer: WritableLayer): void {
    for (const name of this.#layer(layer).keys()) this.#write({ layer, name, value: null });
    this.#layer(layer).clear();
  }

  take(writes: readonly ScriptWrite[]): void {
    for (const write of writes) {
      this.#write(write);
      const { layer, name, value, json } = write;
      if (value === null) this.#layer(layer).delete(name);
      else this.#layer(layer).set(name, storedValue({ name, value, ...(json !== undefined && { json }) }));
    }
  }

  all(layer: ReadableLayer): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#layer(layer));
  }

  replaceIn(template: string): string {
    const fill = (name: string): string | undefined =>
      this.text(name) ?? (name.startsWith('$') ? this.#host.dynamic(name) : undefined);
    let filled = template;
    for (let pass = 0; pass < MAX_PASSES; pass += 1) {
      const next = this.#live().replace(filled, fill);
      if (next === filled) break;
      filled = next;
    }
    return filled;
  }

  #layer(layer: ReadableLayer): Map<string, unknown> {
    const known = this.#layers.get(layer);
    if (known) return known;
    const stored = this.#job.variables[layer] ?? [];
    const values = new Map(stored.map((variable) => [variable.name, storedValue(variable)]));
    this.#layers.set(layer, values);
    return values;
  }

  #strongest(name: string): Map<string, unknown> | undefined {
    const layer = this.#job.precedence.find((each) => this.#layer(each).has(name));
    return layer && this.#layer(layer);
  }

  #write(entry: ScriptWrite): void {
    if (this.writes.length >= limits.scriptWrites) {
      throw new RangeError(`More than ${limits.scriptWrites} variables written`);
    }
    this.writes.push(entry);
  }
}

function storedValue(variable: ScriptVariable): unknown {
  return variable.json === undefined ? variable.value : (JSON.parse(variable.json) as unknown);
}

function writtenValue(value: unknown): { readonly value: string; readonly json?: string } {
  if (typeof value === 'string') return { value };
  const json = jsonOf(value);
  return json === undefined ? { value: variableText(value) } : { value: variableText(value), json };
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** As a variable stands in a text: nothing for undefined, JSON for what is no plain value. */
function variableText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? (jsonOf(value) ?? '') : textOf(value);
}
