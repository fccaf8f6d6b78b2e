import type { z } from 'zod';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { nestsWithin } from '../nests-within.ts';
import type { Contract } from './contract.ts';

/** A tool's arguments against its strict schema. INPUT/INVALID names the argument and what is wrong, never its value. */
export function parseArguments<Input extends z.ZodType>(
  { input }: Pick<Contract<Input>, 'input'>,
  args: unknown,
): Result<z.output<Input>> {
  // A schema, and writing a body as JSON, would exhaust the stack.
  if (!nestsWithin(args, limits.valueDepth)) {
    return err(failure('INPUT/INVALID', { problem: `they nest deeper than ${limits.valueDepth} levels` }));
  }
  const parsed = input.safeParse(args);
  return parsed.success ? ok(parsed.data) : err(failure('INPUT/INVALID', { problem: problemOf(parsed.error) }));
}

/** Built from zod's issue codes: its messages can repeat a value. */
function problemOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return 'they do not match the schema';
  const [argument] = issue.path;
  return argument === undefined ? complaint(issue) : `${String(argument)} ${complaint(issue)}`;
}

function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `there is no argument "${issue.keys[0] ?? ''}"`;
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}${unit(issue.origin)}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${unit(issue.origin)}`;
  return 'does not have the form that the tool describes';
}

function unit(origin: string): string {
  return origin === 'string' ? ' characters long' : '';
}
