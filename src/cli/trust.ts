// The operator's word for a keyward.yaml. Nothing that an agent can reach leads here: no tool, and no file.
import type { Command } from 'commander';
import { ok, type Result } from '../../shared/failure/result.ts';
import { listedAbove } from '../../shared/policy/access.ts';
import { lessenedMark, listedMinimal } from '../../shared/policy/journal-detail.ts';
import type { TrustedConfig } from '../state/trust.ts';
import { agreed } from './agree.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Parts } from './parts.ts';
import { type DataOptions, fail, type Session, withData, withParts } from './session.ts';
import { printable } from './terminal.ts';
import { UNVERIFIED } from './unverified.ts';

interface TrustOptions extends DataOptions {
  readonly yes?: boolean;
}

export function addTrust(program: Command, session: Session): void {
  const command = program
    .command('trust')
    .description('accept what the keyward.yaml of a workspace loosens, until the file is edited; shows it and asks')
    .argument('[workspace...]', 'files or folders of collections (default: the current folder)')
    .option('--yes', 'do not ask');
  withData(command).action((workspaces: string[], options: TrustOptions) =>
    withParts(session, { ...options, workspaces }, (parts) => trust(session, parts, options)),
  );
}

async function trust(session: Session, parts: Parts, options: TrustOptions): Promise<ExitCode> {
  const loaded = await parts.config();
  if (!loaded.ok) return fail(session, loaded.failure, options);
  const { file, hash, text, trusted, loosens, policy } = loaded.value;
  if (file === undefined || hash === undefined || text === undefined) {
    session.terminal.note(printable(`There is no keyward.yaml in ${parts.roots.join(', ')}: nothing to trust.`));
    return EXIT.failed;
  }
  const raises = await raisedBy(text, file, parts);
  if (!raises.ok) return fail(session, raises.failure, options);
  const { lessens } = raises.value;
  const shown = { file, loosens, raises: raises.value.raises, lessens };
  const raised = [...raises.value.raises.map(({ id }) => id), ...lessens.map(lessenedMark)];
  const covered = trusted && isSameSet(raised, policy.access.raised ?? []);
  const accepted = covered ? ok(true) : await ask(session, options, shown, { file, hash, text, raised }, parts);
  if (!accepted.ok) return fail(session, accepted.failure, options);
  if (!accepted.value) return EXIT.failed;
  if (options.json) session.terminal.json({ ...shown, hash, trusted: true });
  else session.terminal.line(printable(covered ? `Trusted already: ${file}` : `Trusted: ${file}`));
  return EXIT.done;
}

/** Whether the operator agreed; what was agreed to is then written down. */
async function ask(
  session: Session,
  options: TrustOptions,
  shown: Shown,
  config: TrustedConfig,
  parts: Parts,
): Promise<Result<boolean>> {
  const store = await parts.trust();
  const doubted = store.unverified();
  if (!doubted.ok) return doubted;
  if (doubted.value.some(({ file }) => file === config.file))
    session.terminal.note(printable(`${config.file}: ${UNVERIFIED}.`));
  if (!options.json) show(session, shown);
  if (!(await agreed(session, options, 'Trust this file as it is now?'))) return ok(false);
  const accepted = store.accept(config, Date.now());
  return accepted.ok ? ok(true) : accepted;
}

interface Raised {
  readonly kind: 'collection' | 'environment';
  readonly id: string;
  readonly name: string;
  readonly file: string;
}

/** What is in the workspace now and gets a level looser than the default, or less of a journal, from this text. */
async function raisedBy(text: string, file: string, parts: Parts): Promise<Result<Pick<Shown, 'raises' | 'lessens'>>> {
  const [{ parseConfig }, { statedPolicy }] = await Promise.all([
    import('../config/parse-config.ts'),
    import('../../shared/config/effective-policy.ts'),
  ]);
  const config = parseConfig(text, file);
  if (!config.ok) return config;
  const workspace = await parts.workspace();
  if (!workspace.ok) return workspace;
  const stated = statedPolicy(config.value);
  const collections = listedAbove(stated, 'collections', workspace.value.collections());
  const environments = listedAbove(stated, 'environments', workspace.value.environments());
  const lessened = listedMinimal(stated.journal, workspace.value.collections());
  return ok({
    raises: [
      ...collections.map(({ id, name, file: of }) => ({ kind: 'collection' as const, id, name, file: of })),
      ...environments.map(({ id, name, file: of }) => ({ kind: 'environment' as const, id, name, file: of })),
    ],
    lessens: lessened.map(({ id, name, file: of }) => ({ kind: 'collection' as const, id, name, file: of })),
  });
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const ids = new Set(one);
  return ids.size === new Set(other).size && other.every((id) => ids.has(id));
}

interface Shown {
  readonly file: string;
  readonly loosens: readonly string[];
  readonly raises: readonly Raised[];
  /** Of which the journal keeps less. */
  readonly lessens: readonly Raised[];
}

function show({ terminal }: Session, { file, loosens, raises, lessens }: Shown): void {
  terminal.line(printable(file));
  terminal.line(
    loosens.length > 0
      ? 'loosens the defaults:'
      : 'loosens nothing; trusted, what it tightens holds after an edit too.',
  );
  for (const loosened of loosens) terminal.line(`  ${printable(loosened)}`);
  if (raises.length > 0)
    terminal.line('gives more than its default access to these, and to no later file of the same name:');
  for (const raised of raises) terminal.line(`  ${printable(`${raised.kind} ${raised.name} (${raised.file})`)}`);
  if (lessens.length > 0) terminal.line('keeps less in the journal of these, and of no later file of the same name:');
  for (const lessened of lessens)
    terminal.line(`  ${printable(`${lessened.kind} ${lessened.name} (${lessened.file})`)}`);
}
