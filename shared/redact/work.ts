// What looking inside of encoded data may cost. A small body can hold data that unpacks to any size, so the work is counted and
// not the time: what is over it is withheld on every machine alike.
import { limits } from '../limits.ts';

/** Bytes that may still be decoded or unpacked; below zero, something was not looked at. */
export interface Work {
  left: number;
}

/** The work that texts of this length in all may cost. */
export function createWork(chars: number): Work {
  return { left: limits.redactWorkBytes + chars * limits.redactWorkPerChar };
}

/** Whether these bytes may be decoded. */
export function spend(work: Work, bytes: number): boolean {
  work.left -= bytes;
  return work.left >= 0;
}
