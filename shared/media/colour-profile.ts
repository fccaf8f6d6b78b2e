import { viewBytes } from './byte-view.ts';

/** Whether these are a colour profile (ICC.1:2022 section 7.2): as long as it says, with the signature of every profile. */
export function isColourProfile(bytes: Uint8Array): boolean {
  const view = viewBytes(bytes);
  return bytes.length >= 128 && view.u32(0) === bytes.length && view.has('acsp', 36);
}
