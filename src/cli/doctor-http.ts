// The doctor's look at serving over HTTP: whether `keyward serve --http` would start with these settings, by what decides it there.
import { existsSync } from 'node:fs';
import type { Listen } from '../../shared/config/http-settings.ts';
import type { CheckedHttp } from '../config/load-http.ts';
import { hostText } from '../server/http/address.ts';
import { whyUnsafe } from '../server/http/safe-to-listen.ts';
import type { Finding } from './doctor.ts';
import { problemOf } from './doctor-machine.ts';
import type { Parts } from './parts.ts';

const about = 'http.yaml';

/** One finding: the first thing that keeps it from serving, what it warns of at its start, or where it would listen. */
export async function checkHttp(parts: Parts): Promise<Finding> {
  const { home, roots, http: variables } = parts;
  const [{ checkHttpSettings, httpConfigFile }, { createFence }] = await Promise.all([
    import('../config/load-http.ts'),
    import('../workspace/fence.ts'),
  ]);
  const file = httpConfigFile({ home, variables });
  const isThere = existsSync(file);
  if (!isThere && Object.keys(variables).length === 0) {
    return { state: 'ok', about, detail: 'none; serve --http has its defaults, on loopback only' };
  }
  const settings = checkHttpSettings({ home, variables, isServed: createFence(roots).holds });
  if (!settings.ok) return problemOf(about, settings.failure);
  const hasKeys = (await parts.accessKeys()).hasLive();
  if (!hasKeys.ok) return problemOf(about, hasKeys.failure);
  const unsafe = whyUnsafe(settings.value, hasKeys.value);
  if (unsafe?.kind === 'refused') return problemOf(about, unsafe.failure);
  const from = isThere ? file : 'from the environment';
  const found = `${from}; ${described(settings.value)}`;
  if (!unsafe) return { state: 'ok', about, detail: found };
  return {
    state: 'warning',
    about,
    detail: `${found}; ${unsafe.problem}`,
    fix: 'Make a key, or name an issuer under oauth.',
  };
}

function described({ listen, tls, keyFd }: CheckedHttp): string {
  const key = keyFd === undefined ? '' : `, its key from file descriptor ${keyFd}, which is not read here`;
  return `serve --http listens at ${placeOf(listen)}${tls ? ` with TLS${key}` : ''}`;
}

function placeOf(listen: Listen): string {
  return 'socket' in listen ? `unix:${listen.socket}` : `${hostText(listen.host)}:${listen.port}`;
}
