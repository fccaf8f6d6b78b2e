// VariableScope of Postman's SDK over the variables of the run: `pm.environment`, `pm.globals` and their kind.
import type { ReadableLayer, WritableLayer } from '../../../../shared/script/job.ts';
import type { Run } from '../run.ts';
import { fieldOf, isObject } from './property.ts';
import { castVariable, VariableList } from './variable.ts';

export interface ScopePlace {
  /** Read from here, or from all layers. */
  readonly reads: ReadableLayer | 'all';
  readonly writes?: WritableLayer;
  readonly name?: string;
  /** For messages: `pm.environment`. */
  readonly label: string;
}

export class VariableScope {
  declare readonly id?: string;
  declare readonly name?: string;
  readonly #run: Run;
  readonly #place: ScopePlace;

  constructor(run: Run, place: ScopePlace) {
    this.#run = run;
    this.#place = place;
    if (place.name !== undefined) this.name = place.name;
  }

  get(name: unknown): unknown {
    const { variables } = this.#run;
    const { reads } = this.#place;
    const value = reads === 'all' ? variables.find(String(name)) : variables.get(reads, String(name));
    return typeof value === 'function' ? (Reflect.apply(value, undefined, []) as unknown) : value;
  }

  has(name: unknown): boolean {
    const { variables, job } = this.#run;
    const { reads } = this.#place;
    const layers = reads === 'all' ? job.precedence : [reads];
    return layers.some((layer) => variables.has(layer, String(name)));
  }

  set(name: unknown, value: unknown, options?: unknown): void {
    const type = typeof options === 'string' ? options : fieldOf(options, 'type');
    const cast = typeof type === 'string' ? castVariable(value, type) : value;
    this.#run.variables.set(this.#writes('set'), String(name), cast);
  }

  unset(name: unknown): void {
    this.#run.variables.unset(this.#writes('unset'), String(name));
  }

  clear(): void {
    this.#run.variables.clear(this.#writes('clear'));
  }

  toObject(): Record<string, unknown> {
    const { variables, job } = this.#run;
    const { reads } = this.#place;
    if (reads !== 'all') return { ...variables.all(reads) };
    return Object.assign({}, ...job.precedence.toReversed().map((layer) => variables.all(layer))) as Record<
      string,
      unknown
    >;
  }

  /** Replaces references in a text, or in all texts of an object. */
  replaceIn(template: unknown): unknown {
    if (typeof template === 'string') return this.#run.variables.replaceIn(template);
    if (Array.isArray(template)) return template.map((item: unknown) => this.replaceIn(item));
    if (!isObject(template)) return template;
    const toJson = template.toJSON;
    const source: unknown = typeof toJson === 'function' ? Reflect.apply(toJson, template, []) : template;
    return Object.fromEntries(Object.entries(source as object).map(([name, value]) => [name, this.replaceIn(value)]));
  }

  get values(): VariableList {
    return new VariableList(
      this,
      Object.entries(this.toObject()).map(([key, value]) => ({ key, value })),
    );
  }

  syncVariablesTo(object: Record<string, unknown> = {}): Record<string, unknown> {
    return Object.assign(object, this.toObject());
  }

  syncVariablesFrom(object: unknown): void {
    if (!isObject(object)) return;
    for (const [name, value] of Object.entries(object)) this.set(name, value);
  }

  variables(): never {
    throw new Error('`VariableScope#variables` has been discontinued, use `VariableScope#syncVariablesTo` instead.');
  }

  toJSON(): Record<string, unknown> {
    return { ...(this.name === undefined ? {} : { name: this.name }), values: this.values.toJSON() };
  }

  #writes(method: string): WritableLayer {
    return this.#place.writes ?? this.#run.unsupported(`${this.#place.label}.${method}`);
  }
}
