// Postman's PropertyList: what `pm.request.headers`, `url.query` and their like are.
import { textOf } from '../text-of.ts';
import { isObject } from './property.ts';

export interface MemberKind<Member extends object> {
  readonly Type: new (...definition: never[]) => Member;
  /** The field that members are found by. */
  readonly key: string;
  readonly ignoresCase?: boolean;
  readonly allowsMany?: boolean;
  create(definition: unknown, second?: unknown): Member;
  parse?(text: string): readonly unknown[];
  unparse?(members: readonly Member[]): string;
}

type Rule<Member> = ((member: Member, ...more: unknown[]) => unknown) | object | string;

export class PropertyList<Member extends object> {
  readonly members: Member[] = [];
  readonly #kind: MemberKind<Member>;

  constructor(kind: MemberKind<Member>, members?: unknown) {
    this.#kind = kind;
    if (members !== undefined && members !== null) this.populate(members);
  }

  get isPropertyList(): true {
    return true;
  }

  add(definition: unknown, second?: unknown): void {
    if (definition === null || definition === undefined || Number.isNaN(definition)) return;
    this.insert(this.#memberOf(definition, second));
  }

  append(definition: unknown): void {
    this.add(definition);
  }

  prepend(definition: unknown): void {
    this.insert(this.#memberOf(definition), this.members[0]);
  }

  insert(member: Member, before?: Member | string): void {
    if (!isObject(member)) return;
    const known = this.members.indexOf(member);
    if (known >= 0) this.members.splice(known, 1);
    const index = before === undefined ? -1 : this.indexOf(before);
    this.members.splice(index < 0 ? this.members.length : index, 0, member);
  }

  insertAfter(member: Member, after: Member | string): void {
    this.insert(member, this.members[this.indexOf(after) + 1]);
  }

  /** Whether it was added: null where there was nothing to add, false where one of its name was changed. */
  upsert(definition: unknown): boolean | null {
    if (definition === null || definition === undefined || Number.isNaN(definition)) return null;
    const given = isObject(definition) ? definition : this.#memberOf(definition);
    const existing = this.one(this.#keyOf(given));
    if (!existing) {
      this.add(definition);
      return true;
    }
    const update: unknown = Reflect.get(existing, 'update');
    if (typeof update === 'function') Reflect.apply(update, existing, [given]);
    return false;
  }

  remove(rule: unknown, context?: unknown): void {
    const isGone = this.#isRemoved(rule, context ?? this);
    const kept = this.members.filter((member) => !isGone(member));
    if (kept.length < this.members.length) this.members.splice(0, this.members.length, ...kept);
  }

  clear(): void {
    this.members.length = 0;
  }

  populate(members: unknown): void {
    const parsed = typeof members === 'string' && this.#kind.parse ? this.#kind.parse(members) : members;
    for (const member of this.#listOf(parsed)) this.add(member);
  }

  repopulate(members: unknown): void {
    this.clear();
    this.populate(members);
  }

  assimilate(source: unknown, prune?: boolean): void {
    const given = source instanceof PropertyList ? source.members : source;
    if (!Array.isArray(given)) return;
    for (const member of given as unknown[]) this.upsert(member);
    const names = new Set((given as unknown[]).map((member) => this.#keyOf(member)));
    if (prune) this.remove((member: unknown) => !names.has(this.#keyOf(member)));
  }

  all(): Member[] {
    return [...this.members];
  }

  /** The last of its name. */
  one(key: unknown): Member | undefined {
    const wanted = this.#normal(key);
    return this.members.findLast((member) => this.#keyOf(member) === wanted);
  }

  get(key: unknown): unknown {
    const member = this.one(key);
    return member?.valueOf();
  }

  has(item: unknown, ...value: [unknown?]): boolean {
    const wanted = typeof item === 'string' ? this.#normal(item) : undefined;
    const found = this.members.filter((member) =>
      wanted === undefined ? member === item : this.#keyOf(member) === wanted,
    );
    if (value.length === 0) return found.length > 0;
    const compared = this.#kind.allowsMany ? found : found.slice(-1);
    return compared.some((member) => member.valueOf() === value[0]);
  }

  each(iterator: (member: Member, index: number, members: Member[]) => unknown, context?: unknown): void {
    // As in lodash, `false` ends the loop.
    this.members.every((member, index) => Reflect.apply(iterator, context, [member, index, this.members]) !== false);
  }

  filter(rule: Rule<Member>, context?: unknown): Member[] {
    return this.members.filter(predicateOf(rule, context));
  }

  find(rule: Rule<Member>, context?: unknown): Member | undefined {
    return this.members.find(predicateOf(rule, context));
  }

  map(iterator: Rule<Member>, context?: unknown): unknown[] {
    return this.members.map(predicateOf(iterator, context ?? this));
  }

  reduce(
    iterator: (sum: unknown, member: Member, index: number) => unknown,
    start: unknown,
    context?: unknown,
  ): unknown {
    return this.members.reduce<unknown>(
      (sum, member, index) => Reflect.apply(iterator, context ?? this, [sum, member, index]) as unknown,
      start,
    );
  }

  count(): number {
    return this.members.length;
  }

  idx(index: number): Member | undefined {
    return this.members[index];
  }

  indexOf(item: Member | string): number {
    const member = typeof item === 'string' ? this.one(item) : item;
    return member === undefined ? -1 : this.members.indexOf(member);
  }

  toObject(
    excludeDisabled?: boolean,
    caseSensitive?: boolean,
    multiValue?: boolean,
    sanitizeKeys?: boolean,
  ): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (const member of this.members) {
      const key: unknown = Reflect.get(member, this.#kind.key);
      if (key === undefined || (sanitizeKeys && !key)) continue;
      if (excludeDisabled && Reflect.get(member, 'disabled')) continue;
      const name = this.#kind.ignoresCase && !caseSensitive ? textOf(key).toLowerCase() : textOf(key);
      const value: unknown = member.valueOf();
      const known = object[name];
      const isMany = (this.#kind.allowsMany || multiValue) && Object.hasOwn(object, name);
      object[name] = isMany ? [...(Array.isArray(known) ? (known as unknown[]) : [known]), value] : value;
    }
    return object;
  }

  toString(): string {
    return this.#kind.unparse ? this.#kind.unparse(this.members) : '[object Object]';
  }

  toJSON(): unknown[] {
    return this.members.map((member) => {
      const toJson: unknown = Reflect.get(member, 'toJSON');
      return typeof toJson === 'function' ? (Reflect.apply(toJson, member, []) as unknown) : member;
    });
  }

  static isPropertyList(value: unknown): boolean {
    return value instanceof PropertyList;
  }

  #normal(key: unknown): string {
    return this.#kind.ignoresCase ? String(key).toLowerCase() : String(key);
  }

  #keyOf(member: unknown): string {
    return this.#normal(isObject(member) ? member[this.#kind.key] : undefined);
  }

  #memberOf(definition: unknown, second?: unknown): Member {
    return definition instanceof this.#kind.Type ? definition : this.#kind.create(definition, second);
  }

  #isRemoved(rule: unknown, context: unknown): (member: Member) => boolean {
    if (typeof rule === 'string') {
      const wanted = this.#normal(rule);
      return (member) => this.#keyOf(member) === wanted;
    }
    if (typeof rule === 'function') return (member) => Boolean(Reflect.apply(rule, context, [member]));
    return (member) => member === rule;
  }

  #listOf(members: unknown): readonly unknown[] {
    if (members instanceof PropertyList) return members.all();
    return Array.isArray(members) ? (members as unknown[]) : [members];
  }
}

/** A rule as lodash takes it: a function, the fields that a member must have, or the name of a field. */
function predicateOf<Member extends object>(
  rule: Rule<Member>,
  context: unknown,
): (member: Member, index: number, members: readonly Member[]) => unknown {
  if (typeof rule === 'function') return (...given) => Reflect.apply(rule, context, given) as unknown;
  if (typeof rule === 'string') return (member) => Reflect.get(member, rule) as unknown;
  const [name, value] = Array.isArray(rule) ? (rule as unknown[]) : [];
  const wanted: object = Array.isArray(rule) ? { [String(name)]: value } : rule;
  return (member) => Object.entries(wanted).every(([key, each]) => Reflect.get(member, key) === each);
}
