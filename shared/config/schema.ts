// keyward.yaml, as interface.md's users write it: strict, so that a misspelt key never passes for a setting.
import { z } from 'zod';
import { limits } from '../limits.ts';
import { networkSchema } from './network-schema.ts';
import { providersSchema } from './providers-schema.ts';
import { agentSchema } from './stated-agent.ts';
import { capturedSchema } from './stated-captured.ts';
import { journalSchema } from './stated-journal.ts';

const accessLevel = z.enum(['hidden', 'read-only', 'safe', 'full']);
const accessByName = z.record(z.string(), accessLevel);
const hasFewParts = (glob: string) => glob.split('/').length <= limits.patternParts;
const atMost = (max: number) => z.int().min(1).max(max);

export const configSchema = z
  .strictObject({
    version: z.literal(1).optional().describe('Version of this format.'),
    collections: z
      .array(z.string().min(1).refine(hasFewParts, `must have at most ${limits.patternParts} parts between slashes`))
      .max(1_000)
      .optional()
      .describe('Globs of the files and folders to serve, relative to this file. Default: every supported format.'),
    access: z
      .strictObject({
        default: accessLevel
          .optional()
          .describe('hidden | read-only | safe (GET, HEAD, OPTIONS, QUERY; others ask) | full. Default: safe.'),
        collections: accessByName.optional().describe('By collection name or id.'),
        environments: accessByName.optional().describe('By environment name or id.'),
      })
      .optional()
      .describe('What an agent may do.'),
    approvals: z
      .strictObject({
        unsafe: z
          .enum(['ask', 'deny', 'allow'])
          .optional()
          .describe('What happens to unsafe methods under access safe. Default: ask.'),
      })
      .optional()
      .describe('What a person is asked for.'),
    network: networkSchema.optional(),
    limits: z
      .strictObject({
        responseBytes: atMost(limits.maxResponseBodyBytes)
          .optional()
          .describe(`Largest response body, in bytes. Default: ${limits.responseBodyBytes}.`),
        timeoutMs: atMost(limits.maxTimeoutMs)
          .optional()
          .describe(`Longest execution, in milliseconds. Default: ${limits.timeoutMs}.`),
        redirects: z
          .int()
          .min(0)
          .max(limits.maxRedirects)
          .optional()
          .describe(`Most redirects that are followed. Default: ${limits.redirects}.`),
        scriptMs: atMost(limits.maxScriptMs)
          .optional()
          .describe(
            `Longest run of a request's scripts before it or after its answer, in milliseconds. Default: ${limits.scriptMs}.`,
          ),
      })
      .optional(),
    prompts: z
      .strictObject({
        redactHosts: z
          .boolean()
          .optional()
          .describe('Whether prompts show [REDACTED_HOST] for the host of every absolute URL. Default: false.'),
      })
      .optional()
      .describe('What MCP prompts hold.'),
    scripts: z
      .strictObject({
        run: z.boolean().optional().describe('Whether scripts and assertions of collections are run. Default: true.'),
      })
      .optional()
      .describe('What collections may compute, in a sandbox that reaches nothing.'),
    providers: providersSchema.optional(),
    captured: capturedSchema.optional(),
    agent: agentSchema.optional(),
    journal: journalSchema.optional(),
  })
  .describe(
    'What Keyward serves and allows. What loosens the defaults counts once the operator has run keyward trust.',
  );

export type Config = z.infer<typeof configSchema>;
