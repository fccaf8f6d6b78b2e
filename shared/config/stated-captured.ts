// Where captured tokens may go beside the origin that they came from.
import { z } from 'zod';
import type { CapturedPolicy } from '../policy/policy.ts';
import { parseOrigin } from '../secret/binding.ts';
import { keyLines, quotedText } from './trust-lines.ts';

const origin = z.string().refine((text) => parseOrigin(text).ok, 'must be an origin such as https://api.example.com');

export const capturedSchema = z
  .strictObject({
    share: z
      .array(z.strictObject({ from: origin, to: z.array(origin).min(1).max(100) }))
      .max(100)
      .optional()
      .describe('Origins whose captured tokens may go to others as well: a login on one host, the API on another.'),
  })
  .describe('What an agent may do with tokens that answers give out.');

type CapturedConfig = z.infer<typeof capturedSchema>;

export const sharesNothing: CapturedPolicy = { share: [] };

export function statedCaptured({ share = [] }: CapturedConfig = {}): CapturedPolicy {
  return { share: share.map(({ from, to }) => ({ from: originOf(from), to: to.map(originOf) })) };
}

export function capturedLoosenings({ share = [], ...others }: CapturedConfig = {}): string[] {
  const shared = share.flatMap(({ from, to, ...rest }) => [
    `captured.share: tokens from ${quotedText(from)} may go to ${to.map(quotedText).join(' and ')}`,
    ...keyLines(`captured.share: ${quotedText(from)}: `, rest),
  ]);
  return [...shared, ...keyLines('captured.', others)];
}

/** A pair of origins counts only where both policies have it. */
export function commonCaptured(one: CapturedPolicy, other: CapturedPolicy): CapturedPolicy {
  const share = one.share.flatMap(({ from, to }) => {
    const common = to.filter((each) => sharedOrigins(other, from).includes(each));
    return common.length > 0 ? [{ from, to: common }] : [];
  });
  return { share };
}

/** The other origins that a token from this one may go to. */
export function sharedOrigins({ share }: CapturedPolicy, from: string): readonly string[] {
  return share.filter((each) => each.from === from).flatMap(({ to }) => to);
}

function originOf(text: string): string {
  const parsed = parseOrigin(text);
  return parsed.ok ? parsed.value : text;
}
