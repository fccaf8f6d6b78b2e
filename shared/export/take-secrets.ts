// A collection for writing: every secret that stands in its files is taken out, and a handle's name left in its place.
import { handleName } from '../collection/handle-part.ts';
import type { Collection, Environment, RequestEntry, RequestTemplate, Variable } from '../collection/model.ts';
import { shownName } from '../collection/shown-name.ts';
import type { WritableCollection, WritableRequest } from '../dialects/writer.ts';
import type { RedactedText } from '../redact/marker.ts';
import { redactProse } from '../redact/redact-prose.ts';
import { redactText } from '../redact/redact-text.ts';
import { isSameSecret, type Sealed } from '../secret/seal.ts';
import type { Template, TemplatePart } from '../template/template.ts';
import { cleanTemplate } from './clean-texts.ts';
import { mapRequest, mapVariable, type Place } from './map-request.ts';
import { redactScript } from './redact-script.ts';
import { sealEnvironment, sealRequest, sealVariables } from './seal-late.ts';

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

/** Opens all requests of a collection, and seals what an address has of secrets wherever one stands. */
export function openCollection(collection: Collection, environments: readonly Environment[]): OpenedCollection {
  const requests = collection.requests.map((entry) => ({ entry, template: sealRequest(entry.open()) }));
  const variables = sealVariables(collection.variables());
  return { collection, variables, requests, environments: environments.map(sealEnvironment) };
}

/**
 * Takes the secrets out of collections. Equal values of one collection share a handle; another collection has a handle of its
 * own, bound to its own origins, unless the value stands in an environment that both share.
 */
export function takeSecrets(opened: readonly OpenedCollection[]): Taken {
  const found = new Taking();
  const shared = sharedEnvironments(opened);
  const writable = opened.map((each) => takeFrom(each, shared, found));
  return { writable, secrets: found.secrets(), redacted: [...found.redacted] };
}

function sharedEnvironments(opened: readonly OpenedCollection[]): ReadonlySet<Environment> {
  const seen = new Set<Environment>();
  const shared = new Set<Environment>();
  for (const environment of opened.flatMap(({ environments }) => environments)) {
    if (seen.has(environment)) shared.add(environment);
    seen.add(environment);
  }
  return shared;
}

function takeFrom(
  { collection, variables, requests, environments }: OpenedCollection,
  shared: ReadonlySet<Environment>,
  found: Taking,
): WritableCollection {
  const name = shownName(collection.name);
  const own = { group: collection.id, owner: [], shown: 'collection variable' };
  const { description } = collection;
  return {
    name,
    ...(description !== undefined && { description: found.keep(redactProse(description), `collection ${name}`) }),
    variables: variables.map((variable) => found.variable(variable, own)),
    environments: environments.map((environment) => {
      const shownAs = shownName(environment.name);
      const group = shared.has(environment) ? environment.id : collection.id;
      const within = { group, owner: [environment.name], shown: `environment ${shownAs}` };
      const taken = environment.variables.map((variable) => found.variable(variable, within));
      return { ...environment, name: shownAs, variables: taken };
    }),
    requests: requests.map((request) => takeFromRequest(request, { id: collection.id, name }, found)),
  };
}

function takeFromRequest(
  { entry, template }: OpenedCollection['requests'][number],
  collection: { readonly id: string; readonly name: string },
  found: Taking,
): WritableRequest {
  const shown = [...entry.folders, entry.name].map(shownName).join(' / ');
  const map = (each: Template, place: Place): Template => {
    const shared = place.kind === 'auth' && template.auth.from === 'collection';
    const owner = shared ? [collection.name] : [collection.name, entry.name];
    return found.cleaned(each, place, { group: collection.id, owner, shown });
  };
  const texts = {
    name: shownName,
    prose: (text: string) => found.keep(redactProse(text), shown),
    script: (source: string) => found.keep(redactScript(source), shown),
    body: (text: string) => found.keep(redactText(text), shown),
  };
  const tags = entry.tags && { tags: entry.tags.map(shownName) };
  const names = { name: shownName(entry.name), folders: entry.folders.map(shownName), ...tags };
  return { entry: { ...entry, ...names }, template: mapRequest(template, map, texts) };
}

interface Owner {
  /** Equal values of one group share a handle. */
  readonly group: string;
  /** Leading parts of a new handle's name. */
  readonly owner: readonly string[];
  readonly shown: string;
}

interface Entry {
  readonly name: string;
  readonly group: string;
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
    return this.#entries.map(({ group: _, places, ...entry }) => ({ ...entry, places: [...places] }));
  }

  variable(variable: Variable, owner: Owner): Variable {
    return mapVariable(variable, (template, place) => this.cleaned(template, place, owner), {
      prose: (text) => this.keep(redactProse(text), owner.shown),
    });
  }

  /** The text, and a note of where it stands if something in it was replaced. */
  keep({ text, count }: RedactedText, shown: string): string {
    if (count > 0) this.redacted.add(shown);
    return text;
  }

  /** The template with handles in place of secrets, and without literals that look like one. */
  cleaned(template: Template, place: Place, owner: Owner): Template {
    const clean = cleanTemplate(this.template(template, place, owner), place);
    if (clean.count > 0) this.redacted.add(owner.shown);
    return clean.template;
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
    const { group } = at.owner;
    const entry =
      this.#find(value, at.form, group) ?? this.#add(at.name ?? nameFor(at.place, at.owner), at.form, group);
    if (!this.#byValue.has(value)) {
      this.#byValue.set(value, entry);
      entry.values.push(value);
    }
    entry.inPath ||= at.place.kind === 'path';
    entry.places.add(`${at.owner.shown}: ${placeText(at.place)}`);
    return { kind: 'handle', names: [entry.name] };
  }

  #find(value: Sealed, form: SecretForm, group: string): Entry | undefined {
    const known = this.#byValue.get(value);
    if (known) return known;
    return this.#entries.find((entry) => {
      const [first] = entry.values;
      return first !== undefined && entry.group === group && entry.form === form && isSameSecret(first, value);
    });
  }

  #add(wanted: string, form: SecretForm, group: string): Entry {
    let name = wanted;
    for (let count = 2; this.#names.has(name); count += 1) name = handleName(`${wanted.slice(0, 100)}-${count}`);
    this.#names.add(name);
    const entry: Entry = { name, group, values: [], form, inPath: false, places: new Set() };
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
