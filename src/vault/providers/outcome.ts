// What a provider gives: a value, or one of these reasons. Nothing that a program printed or a server said is among them.

const reasons = {
  undefined: 'no trusted keyward.yaml defines it here',
  reference: 'the stored reference cannot be read',
  unset: 'the variable is not set',
  unreadable: 'its file cannot be read',
  missing: 'it has no such secret',
  program: 'its program is not there, or others than its owner may change it',
  start: 'its program could not be started',
  exit: 'its program reported a failure',
  time: 'it took too long',
  size: 'it gave too much',
  empty: 'it gave nothing',
  answer: 'what it gave cannot be read',
  value: 'what it gave cannot be a secret',
  credential: 'its own credential cannot be used',
  forbidden: 'it refused its credential',
  sealed: 'it is sealed or down for maintenance',
  redirect: 'it answered with a redirect, which is not followed',
  status: 'it answered with an error',
  network: 'it cannot be reached',
  changed: 'the secret was changed meanwhile',
  stopped: 'nobody waited for it any more',
} as const;

export type ProviderReason = keyof typeof reasons;

export type Outcome =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly reason: ProviderReason };

export function had(value: string): Outcome {
  return { ok: true, value };
}

export function not(reason: ProviderReason): Outcome & { readonly ok: false } {
  return { ok: false, reason };
}

/** A sentence part for people: "could not be had from …: REASON". */
export function reasonText(reason: ProviderReason): string {
  return reasons[reason];
}
