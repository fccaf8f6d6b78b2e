// One secret from a program of the operator's list. An agent has no part in any of it: program and arguments stand in the trusted
// configuration, the reference in a sealed record.
import type { ExecProvider } from '../../../shared/policy/provider-policy.ts';
import { had, not, type Outcome } from './outcome.ts';
import { runProgram } from './run-program.ts';
import { findProgram } from './safe-program.ts';

/** A variable of the environment that Keyward was started in. */
export type ReadVariable = (name: string) => string | undefined;

/** Runs the provider for a reference. */
export async function fetchFromProgram(
  provider: ExecProvider,
  reference: string,
  variable: ReadVariable,
  signal: AbortSignal,
): Promise<Outcome> {
  const found = findProgram(provider.program);
  if (!found.ok) return not('program');
  const withName = (text: string): string => text.split('{name}').join(reference);
  const { input } = provider;
  const ran = await runProgram(
    {
      program: found.path,
      calledAs: provider.program,
      arguments: provider.arguments.map(withName),
      ...(input === undefined ? {} : { input: withName(input) }),
      environment: environmentOf(provider, variable),
      timeoutMs: provider.timeoutMs,
    },
    signal,
  );
  return ran.ok ? readOutput(ran.output, provider) : ran;
}

function environmentOf(provider: ExecProvider, variable: ReadVariable): Record<string, string> {
  const environment: Record<string, string> = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' };
  for (const name of ['HOME', ...provider.environment]) {
    const value = variable(name);
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

function readOutput(output: Buffer, { field, firstLine, trim }: ExecProvider): Outcome {
  const text = decode(output);
  if (text === undefined) return not('answer');
  const taken = field === undefined ? text : memberOf(text, field);
  if (taken === undefined) return not('answer');
  const [line = ''] = firstLine ? taken.split(/\r?\n/, 1) : [taken];
  const value = trim ? line.trim() : line.replace(/\r?\n$/, '');
  return value === '' ? not('empty') : had(value);
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function memberOf(text: string, field: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, field)) return undefined;
    const member: unknown = Reflect.get(parsed, field);
    return typeof member === 'string' ? member : undefined;
  } catch {
    return undefined;
  }
}
