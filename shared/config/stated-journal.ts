// How much the journal keeps, as keyward.yaml says it.
import { z } from 'zod';
import { keepsAll } from '../policy/journal-detail.ts';
import type { JournalPolicy } from '../policy/policy.ts';
import { keyLines, quotedText } from './trust-lines.ts';

const detail = z.enum(['full', 'minimal']);

export const journalSchema = z
  .strictObject({
    detail: detail
      .optional()
      .describe(
        'full | minimal (no names of requests, collections and environments, no path, and of the caller neither client nor address). Default: full.',
      ),
    collections: z.record(z.string(), detail).optional().describe('By collection name or id.'),
  })
  .describe('How much the journal keeps of each execution.');

type JournalConfig = z.infer<typeof journalSchema>;

export function statedJournal({ detail = keepsAll.detail, collections = {} }: JournalConfig = {}): JournalPolicy {
  return { detail, collections };
}

export function journalLoosenings({ detail, collections = {}, ...others }: JournalConfig = {}): string[] {
  return [
    ...(detail === 'minimal' ? ['journal.detail: minimal'] : []),
    ...Object.entries(collections).flatMap(([name, stated]) =>
      stated === 'minimal' ? [`journal.collections.${quotedText(name)}: minimal`] : [],
    ),
    ...keyLines('journal.', others),
  ];
}
