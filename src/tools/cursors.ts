// Cursors that tell nothing: a position could tell how many hidden entries lie between two shown ones. A cursor is the
// digest of what it stands for under a key of this process, and the position masked by that digest.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';

/** The tool and the arguments that choose what is listed; a cursor made for others is refused. */
export interface CursorPlace {
  readonly tool: string;
  readonly filter: unknown;
}

export interface Cursors {
  /** A cursor for a position in the list that this place chooses. */
  write(place: CursorPlace, position: number): string;
  /** The position of a cursor, undefined without one; INPUT/CURSOR_INVALID for a foreign or broken one. */
  read(place: CursorPlace, cursor: string | undefined): Result<number | undefined>;
}

const SEAL_CHARS = 32;
/** 52 bits: no list has more places. */
const MASK_CHARS = 13;

/** Cursors of one process; `digest` gives hex, `key` is unguessable. */
export function createCursors(key: string, digest: (text: string) => string): Cursors {
  const sealOf = ({ tool, filter }: CursorPlace, position: number): string =>
    digest(JSON.stringify([key, 'seal', tool, filter, position])).slice(0, SEAL_CHARS);
  const masked = (seal: string, position: bigint): bigint =>
    position ^ BigInt(`0x${digest(JSON.stringify([key, 'mask', seal])).slice(0, MASK_CHARS)}`);

  return {
    write(place, position) {
      const seal = sealOf(place, position);
      return seal + masked(seal, BigInt(position)).toString(16).padStart(MASK_CHARS, '0');
    },
    read(place, cursor) {
      if (cursor === undefined || cursor === '') return ok(undefined);
      const [, seal = '', hidden] = FORM.exec(cursor) ?? [];
      if (hidden === undefined) return err(failure('INPUT/CURSOR_INVALID'));
      const position = Number(masked(seal, BigInt(`0x${hidden}`)));
      return sealOf(place, position) === seal ? ok(position) : err(failure('INPUT/CURSOR_INVALID'));
    },
  };
}

const FORM = new RegExp(`^([0-9a-f]{${SEAL_CHARS}})([0-9a-f]{${MASK_CHARS}})$`);
