import { compareRules } from '../../../shared/secret/rebind.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import { printable, type Terminal } from '../terminal.ts';
import { nameOf, rulesInWords } from './shown-secret.ts';

/** Tells, beside a new value, what became of what the secret may be used for: what ends is nothing that anybody should find out later. */
export function tellReplaced({ note }: Pick<Terminal, 'note'>, before: HandleInfo, after: HandleInfo): void {
  const { widens, narrows } = compareRules(before, after);
  const counted = after.maxUses !== undefined && before.useCount > 0 ? ['a count of uses that begins anew'] : [];
  const [was, is] = [before.source ?? 'value', after.source ?? 'value'];
  const lines = [
    `${nameOf(after)} has these rules:  ${rulesInWords(after).join('  ')}`,
    ...(narrows.length > 0 ? [`narrower than before:  ${narrows.join('  ')}`] : []),
    ...(widens.length + counted.length > 0 ? [`wider than before:  ${[...widens, ...counted].join('  ')}`] : []),
    ...(was === is
      ? []
      : [is === 'value' ? `its value is kept here now, and not ${was}` : `its value comes from ${is} now`]),
  ];
  for (const line of lines) note(printable(line));
}
