import { parseHandleName } from './handle-name.ts';

/** NAME of a text that is `{{vault:NAME}}` and nothing else. */
export function handleReferenceName(text: string): string | undefined {
  const name = /^\{\{\s*vault:([^{}\s]+)\s*\}\}$/.exec(text)?.[1];
  return name !== undefined && parseHandleName(name).ok ? name : undefined;
}
