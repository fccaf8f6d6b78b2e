// The functions that the guest is given, by their number. The order is part of the image.
import type { Host } from './guest/run.ts';

/** What the guest called a function with. */
export interface HostArguments {
  number(index: number): number;
  text(index: number): string;
}

interface HostFunction {
  readonly name: keyof Host;
  readonly answer: (host: Host, values: HostArguments) => string | number | undefined;
}

/** Number of `done`. */
export const DONE = 7;

/** The number 0 is the engine's for no function. */
export const hostFunctions: readonly (HostFunction | undefined)[] = [
  undefined,
  { name: 'call', answer: (host, { text }) => host.call(text(0)) },
  { name: 'timer', answer: (host, { number }) => void host.timer(number(0), number(1)) },
  { name: 'clearTimer', answer: (host, { number }) => void host.clearTimer(number(0)) },
  { name: 'now', answer: (host) => host.now() },
  { name: 'random', answer: (host) => host.random() },
  { name: 'dynamic', answer: (host, { text }) => host.dynamic(text(0)) },
  { name: 'done', answer: (host, { text }) => void host.done(text(0)) },
];
