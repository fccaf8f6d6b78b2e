// What the demo plays with: a folder of its own, two local servers, a key made for this run, and the real command.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesUnder } from './files-under.ts';
import { type Elsewhere, type HarbourApi, startElsewhere, startHarbourApi } from './harbour-api.ts';
import { harbourCollection, harbourConfig, harbourEnvironment } from './harbour-collection.ts';
import { type Command, type Finished, runCommand } from './run-command.ts';

export interface Stage {
  readonly token: string;
  readonly api: HarbourApi;
  readonly elsewhere: Elsewhere;
  /** The workspace's and the data folder's path; both lie in one temporary folder. */
  readonly workspace: string;
  readonly home: string;
  /** Program and leading arguments that start the command. */
  readonly command: Command;
  /** Runs the command with this text as standard input. */
  run(args: readonly string[], input?: string): Promise<Finished>;
  /** Every file under the data folder, with its bytes. */
  homeFiles(): readonly { readonly name: string; readonly bytes: Buffer }[];
  close(): Promise<void>;
}

/** Starts both servers and writes the workspace; `entry` is the file that Node runs for the `keyward` command. */
export async function setStage(entry: string): Promise<Stage> {
  // Slashes and plus signs make the percent-encoded form differ from the plain one.
  const token = `hbr/live+${randomBytes(24).toString('base64')}`;
  const [api, elsewhere] = await Promise.all([startHarbourApi(token), startElsewhere()]);
  const folder = mkdtempSync(join(tmpdir(), 'keyward-demo-'));
  const home = join(folder, 'home');
  const workspace = join(folder, 'harbour');
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(workspace);
  writeWorkspace(workspace, api.origin, elsewhere.origin);
  const command = [process.execPath, entry] as const;
  return {
    token,
    api,
    elsewhere,
    workspace,
    home,
    command,
    run: (args, input = '') => runCommand(command, [...args, '--home', home], input),
    homeFiles: () => filesUnder(home),
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await Promise.all([api.close(), elsewhere.close()]);
    },
  };
}

function writeWorkspace(workspace: string, api: string, elsewhere: string): void {
  const save = (name: string, text: string) => writeFileSync(join(workspace, name), text);
  save('harbour.postman_collection.json', JSON.stringify(harbourCollection, null, 2));
  save('local.postman_environment.json', JSON.stringify(harbourEnvironment(api), null, 2));
  save('keyward.yaml', harbourConfig([api, elsewhere]));
}
