// `keyward demo`: the whole product in a few seconds, offline, with nothing staged but the API at the far end.
import type { Terminal } from '../cli/terminal.ts';
import { connect, type McpClient } from './mcp-client.ts';
import { createNarrator, type Narrator } from './narrator.ts';
import { type Stage, setStage } from './stage.ts';
import {
  askTheAgent,
  callAsTheAgent,
  logInAsTheAgent,
  refuseTheAgent,
  signByScript,
  writeAsTheAgent,
} from './tour-agent.ts';
import { searchEverywhere, verifyJournal } from './tour-evidence.ts';
import { keepTheKey, showTheApi, showTheCollection, trustTheFile } from './tour-operator.ts';
import { serveATeam } from './tour-team.ts';

/** Runs the tour; `entry` is the file that Node runs for `keyward`. Resolves with whether every claim held. */
export async function runDemo(terminal: Terminal, entry: string): Promise<boolean> {
  const narrator = createNarrator(terminal);
  const startedAt = performance.now();
  terminal.line(`${terminal.style('bold', 'Keyward')}: an agent uses your API, and never sees the key.`);
  terminal.line('A real collection, server and MCP client, all on this machine. Nothing leaves it.');
  const stage = await setStage(entry);
  try {
    await tour(stage, narrator);
  } finally {
    await stage.close();
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  terminal.line(narrator.broken() === 0 ? `\nDone in ${seconds} s; everything it made is deleted. ${NEXT}` : BROKEN);
  return narrator.broken() === 0;
}

const NEXT = 'Your own collections next: README.md.';
const BROKEN = '\nA claim above did not hold. That is a bug worth reporting: SECURITY.md says how.';

async function tour(stage: Stage, narrator: Narrator): Promise<void> {
  await showTheApi(stage, narrator);
  await keepTheKey(stage, narrator);
  showTheCollection(stage, narrator);
  await trustTheFile(stage, narrator);
  const questions: string[] = [];
  const [program, entry] = stage.command;
  const agent: McpClient = await connect({
    command: program,
    args: [entry, 'serve', stage.workspace, '--home', stage.home],
    approve: (question) => questions.push(question) > 0,
  });
  await askTheAgent(agent, narrator);
  await callAsTheAgent(agent, stage, narrator);
  await writeAsTheAgent(agent, questions, narrator);
  await logInAsTheAgent(agent, stage, narrator);
  await signByScript(agent, narrator);
  await refuseTheAgent(agent, stage, narrator);
  const exit = await agent.close();
  await serveATeam(stage, narrator);
  searchEverywhere(agent.received(), exit, stage, narrator);
  await verifyJournal(stage, narrator);
}
