import type { Session } from './session.ts';

/** Without --yes a person must agree; where none can be asked, the answer is no, and stderr says so. */
export async function agreed(
  session: Session,
  { yes }: { readonly yes?: boolean },
  question: string,
): Promise<boolean> {
  const { terminal } = session;
  if (yes || (terminal.interactive && (await terminal.confirm(question)))) return true;
  terminal.note(
    terminal.interactive ? 'Nothing was changed.' : 'Nothing was changed: nobody to ask here. Add --yes to agree.',
  );
  return false;
}
