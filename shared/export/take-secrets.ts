// A collection for writing: every secret that stands in its files is taken out, and a handle's name left in its place.
import { handleName } from '../collection/handle-part.ts';
import type { Collection, Environment, RequestEntry, RequestTemplate, Variable } from '../collection/model.ts';
import { shownName } from '../collection/shown-name.ts';
import type { WritableCollection, WritableRequest } from '../dialects/writer.ts';
import type { RedactedText } from '../redact/marker.ts';
import { redactProse } from '../redact/redact-prose.ts';
import { isSameSecret, type Sealed } from '../secret/seal.ts';
import type { Template, TemplatePart } from '../template/template.ts';
import { mapRequest, type Place } from './map-request.ts';
import { redactScript } from './redact-script.ts';

/** A collection with its requests opened once, so that a sealed value is the same object wherever it is met. */
export interface OpenedCollection {
  readonly collection: Collection;
  readonly variables: readonly Variable[];
  readonly requests: readonly { readonly entry: RequestEntry; readonly template: RequestTemplate }[];
  readonly environments: readonly Environment[];
}

/** How the text in the file stands for the value: as it is, percent-encoded, or escaped in a JSON string. */
export type SecretForm = 'plain' | 'percent-encoded' | 'json-string';

export interface TakenSecret {
  /** The handle's name that was left behind. */
  readonly name: string;
  /** Each object that holds this very value. */
  readonly values: readonly Sealed[];
  readonly form: SecretForm;
  /** It stands in a path segment. */
  readonly inPath: boolean;
  /** Where it stood, for people; names only. */
  readonly places: readonly string[];
}

export interface Taken {
  /** In the order given. */
  readonly writable: readonly WritableCollection[];
  readonly secrets: readonly TakenSecret[];
  /** Requests whose script or documentation held what looks like a credential; it reads `[secret]` or `[redacted]` now. */
  readonly redacted: readonly string[];
}

/** Opens all requests of a collection. */
export function openCollection(collection: Collection, environments: readonly Environment[]): OpenedCollection {
  const requests = collection.requests.map((entry) => ({ entry, template: entry.open() }));
  return { collection, variables: collection.variables(), requests, environments };
}

/** Takes the secrets out of collections. Equal values share a handle, also where several collections share an environment. */
export function takeSecrets(opened: readonly OpenedCollection[]): Taken {
  const found = new Taking();
  const writable = opened.map((each) => takeFrom(each, found));
  return { writable, secrets: found.secrets(), redacted: [...found.redacted] };
}

function takeFrom(
  { collection, variables, requests, environments }: OpenedCollection,
  found: Taking,
): WritableCollection {
  const name = shownName(collection.name);
  return {
    name,
    ...(collection.description !== undefined && { description: redactProse(collection.description).text }),
    variables: variables.map((variable) => found.variable(variable, { owner: [], shown: 'collection variable' })),
    environments: environments.map((environment) => {
      const within = { owner: [environment.name], shown: `environment ${shownName(environment.name)}` };
      return { ...environment, variables: environment.variables.map((variable) => found.variable(variable, within)) };
    }),
    requests: requests.map((request) => takeFromRequest(request, name, found)),
  };
}

function takeFromRequest(
  { entry, template }: OpenedCollection['requests'][number],
  collection: string,
  found: Taking,
): WritableRequest {
  const shown = [...entry.folders, entry.name].map(shownName).join(' / ');
  const keep = ({ text, count }: RedactedText): string => {
    if (count > 0) found.redacted.add(shown);
    return text;
  };
  const map = (each: Template, place: Place): Template => {
    const shared = place.kind === 'auth' && template.auth.from === 'collection';
    return found.template(each, place, { owner: shared ? [collection] : [collection, entry.name], shown });
  };
  const texts = {
    prose: (text: string) => keep(redactProse(text)),
    script: (source: string) => keep(redactScript(source)),
  };
  const names = { name: shownName(entry.name), folders: entry.folders.map(shownName) };
  return { entry: { ...entry, ...names }, template: mapRequest(template, map, texts) };
}

interface Owner {
  /** Leading parts of a new handle's name. */
  readonly owner: readonly string[];
  readonly shown: string;
}

interface Entry {
  readonly name: string;
  readonly values: Sealed[];
  readonly form: SecretForm;
  inPath: boolean;
  readonly places: Set<string>;
}

class Taking {
  readonly #entries: Entry[] = [];
  readonly #byValue = new Map<Sealed, Entry>();
  readonly #names = new Set<string>();
  readonly redacted = new Set<string>();

  secrets(): readonly TakenSecret[] {
    return this.#entries.map((entry) => ({ ...entry, places: [...entry.places] }));
  }

  variable(variable: Variable, owner: Owner): Variable {
    return { ...variable, value: this.template(variable.value, { kind: 'variable', name: variable.name }, owner) };
  }

  template(template: Template, place: Place, owner: Owner): Template {
    return template.flatMap((part, index) => {
      if (part.kind === 'sealed') {
        return [this.#take(part.value, { place, owner, form: formOf(place, template.slice(0, index)) })];
      }
      return part.kind === 'handle' && part.otherwise ? this.#unfold(part, part.otherwise, place, owner) : [part];
    });
  }

  /** A dialect's own handle with a value in the files: that value becomes the handle's where it is nothing but secret. */
  #unfold(part: Extract<TemplatePart, { kind: 'handle' }>, otherwise: Template, place: Place, owner: Owner): Template {
    const [only, ...others] = otherwise;
    if (only?.kind !== 'sealed' || others.length > 0) return this.template(otherwise, place, owner);
    return [this.#take(only.value, { place, owner, form: 'plain', name: part.names[0] })];
  }

  #take(
    value: Sealed,
    at: { readonly place: Place; readonly owner: Owner; readonly form: SecretForm; readonly name?: string },
  ): TemplatePart {
    const entry = this.#find(value, at.form) ?? this.#add(at.name ?? nameFor(at.place, at.owner), at.form);
    if (!this.#byValue.has(value)) {
      this.#byValue.set(value, entry);
      entry.values.push(value);
    }
    entry.inPath ||= at.place.kind === 'path';
    entry.places.add(`${at.owner.shown}: ${placeText(at.place)}`);
    return { kind: 'handle', names: [entry.name] };
  }

  #find(value: Sealed, form: SecretForm): Entry | undefined {
    const known = this.#byValue.get(value);
    if (known) return known;
    return this.#entries.find((entry) => {
      const [first] = entry.values;
      return first !== undefined && entry.form === form && isSameSecret(first, value);
    });
  }

  #add(wanted: string, form: SecretForm): Entry {
    let name = wanted;
    for (let count = 2; this.#names.has(name); count += 1) name = handleName(`${wanted.slice(0, 100)}-${count}`);
    this.#names.add(name);
    const entry: Entry = { name, values: [], form, inPath: false, places: new Set() };
    this.#entries.push(entry);
    return entry;
  }
}

function nameFor({ name }: Place, { owner }: Owner): string {
  return handleName([...owner, name].map((part) => handleName(shownName(part)).slice(0, 40)).join('.'));
}

function placeText({ kind, name }: Place): string {
  return kind === 'path' || kind === 'body' || kind === 'other' ? kind : `${kind} ${shownName(name)}`;
}

function formOf({ kind }: Place, before: Template): SecretForm {
  if (kind === 'path' || kind === 'query') return 'percent-encoded';
  return kind === 'body' && endsInString(before) ? 'json-string' : 'plain';
}

/** Whether a text that is cut here is cut inside a JSON string. */
function endsInString(before: Template): boolean {
  let inside = false;
  for (const part of before) {
    if (part.kind !== 'text') continue;
    for (const mark of part.text.matchAll(/\\.|"/gs)) if (mark[0] === '"') inside = !inside;
  }
  return inside;
}
