import type { Finding } from './doctor.ts';

const SHOWN_LEAKS = 5;
const FIX = 'Do not let an agent use this installation, and report it as SECURITY.md says.';

/** Whether a secret planted for this run came out anywhere. It is never shown: a leak is named by its place and spelling. */
export async function checkCanary(entry: string): Promise<Finding> {
  const { runCanary } = await import('../canary/run-canary.ts');
  const { reflections, problems, leaks } = await runCanary(entry);
  const about = 'canary';
  if (problems.length > 0 && leaks.length === 0) {
    return { state: 'problem', about, detail: `it could not be tried in full: ${problems.join('; ')}` };
  }
  const tried = `${reflections.toLocaleString('en')} reflections of a planted secret`;
  if (leaks.length === 0) return { state: 'ok', about, detail: `${tried}: none came out` };
  const more = leaks.length > SHOWN_LEAKS ? ` and ${leaks.length - SHOWN_LEAKS} more` : '';
  const detail = `${tried}: it came out: ${leaks.slice(0, SHOWN_LEAKS).join('; ')}${more}`;
  return { state: 'problem', about, detail, fix: FIX };
}
