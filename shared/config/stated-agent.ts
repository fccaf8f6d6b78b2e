// Which headers an agent may add to requests.
import { z } from 'zod';
import type { Policy } from '../policy/policy.ts';
import { covers, DEFAULT_AGENT_HEADERS, isNeverAdded } from '../request/agent-headers.ts';
import { keyLines, quotedText } from './trust-lines.ts';

const pattern = z
  .string()
  .regex(/^[!#$%&'+.^_`|~0-9A-Za-z-]{0,100}\*?$/, 'must be the name of a header, or its beginning and one *')
  .min(1, 'must be the name of a header')
  .refine((name) => name.endsWith('*') || !isNeverAdded(name), 'names a header that an agent never adds');

export const agentSchema = z
  .strictObject({
    headers: z
      .array(pattern)
      .max(100)
      .optional()
      .describe(
        `Headers that an agent may add to a saved request; one * at the end stands for any ending. Takes the place of the default: ${DEFAULT_AGENT_HEADERS.join(', ')}. Those that say who calls are never among them.`,
      ),
  })
  .describe('What an agent may add to requests.');

type AgentConfig = z.infer<typeof agentSchema>;
type AgentPolicy = Policy['agent'];

export const addsOrdinary: AgentPolicy = { headers: DEFAULT_AGENT_HEADERS };

export function statedAgent({ headers }: AgentConfig = {}): AgentPolicy {
  return headers ? { headers: headers.map((each) => each.toLowerCase()) } : addsOrdinary;
}

export function agentLoosenings({ headers, ...others }: AgentConfig = {}): string[] {
  const added = statedAgent({ headers }).headers.filter((each) => !isCovered(each, DEFAULT_AGENT_HEADERS));
  return [
    ...added.map((each) => `agent.headers: ${quotedText(each)} (an agent may add it)`),
    ...keyLines('agent.', others),
  ];
}

/** What both let an agent add. */
export function commonAgent(one: AgentPolicy, other: AgentPolicy): AgentPolicy {
  const mine = one.headers.filter((each) => isCovered(each, other.headers));
  const others = other.headers.filter((each) => isCovered(each, one.headers));
  return { headers: [...new Set([...mine, ...others])] };
}

function isCovered(wanted: string, patterns: readonly string[]): boolean {
  return patterns.some((each) => covers(each, wanted));
}
