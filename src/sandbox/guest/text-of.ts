/** What JavaScript itself makes a text of it; scripts hand over anything. Throws for what has no text. */
export function textOf(value: unknown): string {
  return String(value as string);
}
