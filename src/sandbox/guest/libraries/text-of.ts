/** Any value as the text that browsers' functions take it for. Throws where it has none. */
export function textOf(value: unknown): string {
  return String(value as string);
}
