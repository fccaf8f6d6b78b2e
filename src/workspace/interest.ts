// Which names are worth a look, before any file is opened.
import { type DialectEntry, dialects } from '../../shared/dialects/dialects.ts';
import { isConfigName } from './withheld-names.ts';

/** The folder of hidden name that Postman keeps the definitions of its collections in. */
const SEARCHED_THOUGH_HIDDEN = '.resources';

/** Names that are never searched, and never sent either. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name.toLowerCase() === 'node_modules';
}

/** Whether folders of this name are searched, if nothing ignores them. */
export function isSearched(name: string): boolean {
  return !isHidden(name) || name === SEARCHED_THOUGH_HIDDEN;
}

/** The dialects that a file of this name could be of; none for a hidden one. */
export function dialectsOf(name: string): readonly DialectEntry[] {
  if (isHidden(name) || isConfigName(name)) return [];
  const lower = name.toLowerCase();
  return dialects.filter(({ extensions }) => extensions.some((extension) => lower.endsWith(extension)));
}

/** The dialects whose clients read a file of this name beside their collections, hidden or not. */
export function dialectsBeside(name: string): readonly DialectEntry[] {
  return dialects.filter(({ companions }) => companions.includes(name));
}
