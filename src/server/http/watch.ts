// How the counts learn of what happens: around the toolbox and at the server's events, so that neither knows of them.
import type { Server, ServerResponse } from 'node:http';
import type { Presented, PresentedQuestion } from '../../tools/present.ts';
import type { PresentedPrompt } from '../../tools/run-prompt.ts';
import type { Toolbox } from '../../tools/toolbox.ts';
import type { CallFacts } from './http-app.ts';
import type { CallOutcome, Metrics } from './metrics.ts';

/** What the HTTP server shows of itself, once when it starts. */
export interface Watch {
  /** The toolbox to use in the place of this one. */
  toolbox(toolbox: Toolbox): Toolbox;
  /** To be called before the server listens. */
  server(server: Server): void;
  /** Node answered by itself, for what came was no request. */
  answered(status: number): void;
  /** A connection was closed because there were too many. */
  crowded(): void;
  /** Told of each call as `HttpApp.onCall` is. */
  call(call: CallFacts): void;
}

/** `onToolbox` is given the toolbox that is watched. */
export function createWatch(metrics: Metrics, onToolbox: (toolbox: Toolbox) => void): Watch {
  const counted = async <T>(tool: string, run: () => Promise<T>, tell: (result: T) => CallOutcome): Promise<T> => {
    const end = metrics.begin(tool);
    try {
      const result = await run();
      end(tell(result));
      return result;
    } catch (error) {
      end({ outcome: 'failed' });
      throw error;
    }
  };
  return {
    toolbox(toolbox) {
      onToolbox(toolbox);
      return {
        ...toolbox,
        run: (contract, args, call) => counted(contract.name, () => toolbox.run(contract, args, call), outcomeOf),
        resource: (...asked) => counted('resource', () => toolbox.resource(...asked), outcomeOf),
        prompt: (...asked) => counted('prompt', () => toolbox.prompt(...asked), promptOutcome),
      };
    },
    server(server) {
      server.on('connection', (socket: { once(event: 'close', listener: () => void): unknown }) => {
        metrics.connected(1);
        socket.once('close', () => metrics.connected(-1));
      });
      const onRequest = (_: unknown, response: ServerResponse): void => {
        response.once('close', () => metrics.answered(response.headersSent ? response.statusCode : undefined));
      };
      server.on('request', onRequest);
      server.on('checkContinue', onRequest);
      server.on('checkExpectation', onRequest);
    },
    answered: metrics.answered,
    crowded: metrics.crowded,
    call({ code, caller }) {
      if (code !== undefined) metrics.refused(code, caller);
    },
  };
}

function promptOutcome(made: PresentedPrompt | Presented | undefined): CallOutcome {
  return outcomeOf(made && 'context' in made ? made.context : made);
}

/** Undefined is what is hidden or not there. */
function outcomeOf(shown: Presented | PresentedQuestion | undefined): CallOutcome {
  if (shown === undefined) return { outcome: 'failed' };
  if (shown.kind === 'question') return { outcome: 'question' };
  if (shown.isError) return { outcome: 'failed', failure: failureIn(shown.text) };
  const { redactions } = shown.structured ?? {};
  return { outcome: 'ok', redactions: countIn(redactions) };
}

function failureIn(text: string): { readonly code: string; readonly fix: string } {
  const report: unknown = JSON.parse(text);
  return { code: textAt(report, 'code'), fix: textAt(report, 'fix') };
}

function textAt(value: unknown, name: string): string {
  const found: unknown =
    typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : '';
  return typeof found === 'string' ? found : '';
}

function countIn(value: unknown): number {
  const count: unknown = typeof value === 'object' && value !== null && 'count' in value ? value.count : 0;
  return typeof count === 'number' && count > 0 ? count : 0;
}
