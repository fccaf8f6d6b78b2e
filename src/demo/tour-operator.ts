// First half of the tour: what the operator does, once, at the shell.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countSecret } from './find-secret.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

export async function showTheApi({ api }: Stage, narrator: Narrator): Promise<void> {
  narrator.step('An API that wants a key');
  const refused = await fetch(`${api.origin}/v1/account`);
  narrator.say(`It listens on ${api.origin} and repeats whatever key it gets: in bodies, headers, cookies, links.`);
  narrator.claim(refused.status === 401, 'without the key it answers 401');
}

export async function keepTheKey(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.step('The operator stores the key, bound to that API');
  narrator.typed(`keyward secrets set HARBOUR_TOKEN --origin ${stage.api.origin} --stdin --key-source key-file`);
  const args = ['secrets', 'set', 'HARBOUR_TOKEN', '--label', 'Harbour API', '--origin', stage.api.origin, '--stdin'];
  const stored = await stage.run([...args, '--key-source', 'key-file'], `${stage.token}\n`);
  narrator.quote(stored.out + stored.errors);
  narrator.say('(A key file only here, to leave your keychain alone. Yours goes into the keychain.)');
  narrator.claim(stored.code === 0, 'stored encrypted; there is no command that prints it');
}

export function showTheCollection(stage: Stage, narrator: Narrator): void {
  narrator.step('The collection names the key, and does not hold it');
  const file = 'harbour.postman_collection.json';
  const text = readFileSync(join(stage.workspace, file), 'utf8');
  const line = text.split('\n').findIndex((candidate) => candidate.includes('{{vault:'));
  narrator.say(`${file}:${line + 1}`);
  narrator.quote(text.split('\n')[line]?.trim() ?? '');
  narrator.claim(countSecret(text, stage.token) === 0, 'a plain Postman v2.1 export that is safe to commit');
}

export async function trustTheFile(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.step('The operator allows what the workspace asks for');
  narrator.typed('keyward trust ./harbour');
  const trusted = await stage.run(['trust', stage.workspace, '--yes']);
  narrator.quote(trusted.out + trusted.errors);
  narrator.claim(trusted.code === 0, 'keyward.yaml counts as it is now; an edit needs the operator again');
}
