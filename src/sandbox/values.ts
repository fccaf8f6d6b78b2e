// Texts and numbers into the engine and out of it. A value is an address that whoever asked for it owns, and 0 where there is no memory.
import type { Engine, Pointer } from './engine.ts';

/** A new text. Its NUL characters end it: what crosses is JSON, which has none. */
export function newText(engine: Engine, context: Pointer, text: string): Pointer {
  const address = newCharacters(engine, text);
  if (address === 0) return 0;
  const value = engine._QTS_NewString(context, address);
  engine._free(address);
  return value;
}

/** UTF-8 with a NUL behind it. */
export function newCharacters(engine: Engine, text: string): Pointer {
  const bytes = Buffer.byteLength(text);
  const address = engine._malloc(bytes + 1);
  if (address === 0) return 0;
  // Asked for again: the memory may have grown for it.
  const characters = Buffer.from(engine.memory.buffer, address, bytes + 1);
  characters.write(text);
  characters[bytes] = 0;
  return address;
}

/** The text of a value, by the engine's ToString, or what so many bytes of UTF-8 hold of it; undefined where that throws. */
export function readText(engine: Engine, context: Pointer, value: Pointer, mostBytes: number): string | undefined {
  const address = engine._QTS_GetString(context, value);
  if (address === 0) return undefined;
  const memory = Buffer.from(engine.memory.buffer);
  const end = memory.indexOf(0, address);
  const text = memory.toString('utf8', address, Math.min(end, address + mostBytes));
  engine._QTS_FreeCString(context, address);
  return text;
}
