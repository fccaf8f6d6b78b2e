import { resolvePlain } from './block-yaml-plain.ts';

/** What a plain scalar names as a key; undefined for the merge key. */
export function plainKey(plain: string | undefined): string | undefined {
  if (plain === undefined || plain === '<<') return undefined;
  const key = resolvePlain(plain);
  return key === null ? '' : String(key);
}

/** The last of several members of one name counts; `__proto__` is a name like any other. */
export function setMember(members: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(members, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    members[name] = value;
  }
}
