// Approvals over both protocol eras. 2026-07-28: the question goes back as an input request, its digest sealed into the
// request state, and the client calls again. Before: the server asks within the call. A client that did not declare
// elicitation is never asked, and nothing is ever taken for an approval but an accepted form that says so.

import { randomUUID } from 'node:crypto';
import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { approvalLimits } from '../../shared/approval-limits.ts';
import { limits } from '../../shared/limits.ts';
import type { ApprovalAnswer } from '../execute/approval.ts';
import type { PresentedQuestion } from '../tools/present.ts';

const ANSWER = 'approval';
const MS_PER_SECOND = 1_000;

export interface ApprovalPlace {
  readonly tool: string;
  /** Id of the principal. */
  readonly caller: string;
}

export interface AskedPlace extends ApprovalPlace {
  /** What `PresentedQuestion.put` gave. */
  readonly askedIn: string;
}

interface SealedState extends AskedPlace {
  readonly digest: string;
  readonly nonce: string;
}

export interface Approvals {
  /** The answer that a retried call carries, where its state is ours, fresh, unused and made for this tool and caller. */
  answered(place: ApprovalPlace, ctx: ServerContext): Promise<ApprovalAnswer | undefined>;
  /** Asks through an input request; the client calls again with the answer. */
  request(place: AskedPlace, question: PresentedQuestion): Promise<InputRequiredResult>;
  /** Asks within the call. */
  elicit(question: PresentedQuestion, ctx: ServerContext): Promise<ApprovalAnswer>;
}

/** Makes the approvals of one process: the key is as short-lived as the state that it seals. */
export function createApprovals(options: { key: Uint8Array; now: () => number }): Approvals {
  const codec = createRequestStateCodec<SealedState>({
    key: options.key,
    ttlSeconds: limits.approvalMs / MS_PER_SECOND,
  });
  /** Nonces of states not yet used, with the time they end. */
  const open = new Map<string, number>();

  return {
    async answered({ tool, caller }, ctx) {
      const state = ctx.mcpReq.requestState();
      if (typeof state !== 'string') return undefined;
      const sealed = await codec.verify(state, ctx).catch(() => undefined);
      if (sealed?.tool !== tool || sealed.caller !== caller || !open.delete(sealed.nonce)) return undefined;
      const response = inputResponse(ctx.mcpReq.inputResponses, ANSWER);
      const outcome = response.kind === 'elicit' ? outcomeOf(response) : 'declined';
      return { digest: sealed.digest, outcome, askedIn: sealed.askedIn };
    },
    async request(place, question) {
      const now = options.now();
      for (const [oldest, endsAt] of open) {
        if (endsAt > now && open.size < approvalLimits.states) break;
        open.delete(oldest);
      }
      const nonce = randomUUID();
      open.set(nonce, now + limits.approvalMs);
      const requestState = await codec.mint({ ...place, digest: question.digest, nonce });
      const form = inputRequired.elicit({ message: question.text, requestedSchema: approvalForm });
      return inputRequired({ inputRequests: { [ANSWER]: form }, requestState });
    },
    async elicit({ text, digest }, ctx) {
      const asked = { mode: 'form' as const, message: text, requestedSchema: approvalForm };
      const options = { timeout: limits.approvalMs, signal: ctx.mcpReq.signal };
      const result = await ctx.mcpReq.elicitInput(asked, options).catch(() => undefined);
      return { digest, outcome: result === undefined ? 'declined' : outcomeOf(result) };
    },
  };
}

/** Whether a client that declares these capabilities can show a form: an empty elicitation capability means forms. */
export function canAsk(capabilities: unknown): boolean {
  if (!isObject(capabilities) || !('elicitation' in capabilities)) return false;
  const { elicitation } = capabilities;
  return isObject(elicitation) && ('form' in elicitation || !('url' in elicitation));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The capabilities that this very request declares (2026-07-28). */
export function declaredCapabilities({ mcpReq }: ServerContext): unknown {
  const envelope: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
  return envelope[CLIENT_CAPABILITIES_META_KEY];
}

const approvalForm = {
  type: 'object' as const,
  properties: {
    approve: {
      type: 'boolean' as const,
      title: 'Send this request',
      description: 'Yes sends it, exactly as described.',
      default: false,
    },
  },
  required: ['approve'],
};

interface FormAnswer {
  readonly action: string;
  readonly content?: Readonly<Record<string, unknown>> | undefined;
}

function outcomeOf({ action, content }: FormAnswer): ApprovalAnswer['outcome'] {
  return action === 'accept' && content?.approve === true ? 'approved' : 'declined';
}
