// Last part of the tour: the search for the key in everything that came out, and the record of what was done.
import { countSecret, formsOf } from './find-secret.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

export function searchEverywhere(received: Buffer, exit: number, stage: Stage, narrator: Narrator): void {
  narrator.step('Looking for the key in everything that came out');
  const forms = formsOf(stage.token).size;
  narrator.say(`Searched in ${forms} forms: plain, percent-encoded, hex, base64 at each alignment, JSON-escaped.`);
  const written = countSecret(stage.api.transcript(), stage.token);
  const files = stage.homeFiles();
  const kept = files.reduce((sum, { bytes }) => sum + countSecret(bytes, stage.token), 0);
  const keptBytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const seen = countSecret(received, stage.token);
  narrator.claim(written > 0, `what the API answered: ${written} occurrences, so the search does find it`);
  narrator.claim(seen === 0, `what the agent and the log received, ${received.length} bytes: ${seen} occurrences`);
  narrator.claim(kept === 0, `database, journal and key file, ${keptBytes} bytes: ${kept} occurrences`);
  narrator.claim(exit === 0, 'the server ended with its client, exit code 0');
}

export async function verifyJournal(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.step('The record');
  narrator.typed('keyward journal show');
  const shown = await stage.run(['journal', 'show']);
  narrator.quote(shown.out);
  narrator.typed('keyward journal verify');
  const verified = await stage.run(['journal', 'verify']);
  narrator.quote(verified.out + verified.errors);
  narrator.claim(verified.code === 0, 'the chain of entries is whole');
  narrator.claim(countSecret(shown.out, stage.token) === 0, '0 occurrences here either');
}
