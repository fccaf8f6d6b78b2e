// Bruno's `bru`.

import { limits } from '../../../../shared/limits.ts';
import type { Run } from '../run.ts';
import { variableFunctions } from './bru-variables.ts';
import { createCookies } from './cookies.ts';
import { called, textOf } from './given.ts';
import { createInterpolate } from './interpolate.ts';
import { bodyOf, headersOf } from './response.ts';
import { createSendRequest } from './send.ts';

/** `wait` is the setTimeout of the run. */
export function createBru(run: Run, wait: unknown): Record<string, unknown> {
  const { job, gathered } = run;
  const interpolate = createInterpolate(run);
  const setNextRequest = (name: unknown): void => {
    gathered.next = name === null || name === undefined ? null : textOf(name);
  };
  return {
    ...variableFunctions(run, interpolate),
    interpolate,
    cookies: createCookies(run, interpolate),
    sendRequest: createSendRequest(run),
    runRequest: (name: unknown) => runRequest(run, String(name)),
    setNextRequest,
    runner: {
      setNextRequest,
      skipRequest: () => {
        gathered.skip = true;
      },
      stopExecution: () => setNextRequest(null),
      iterationData: iterationData(run),
      iterationIndex: 0,
      totalIterations: 1,
    },
    visualize: (type: unknown, data: unknown) => {
      if (!type) throw new Error('visualization type is required');
      const isKept =
        data !== undefined && data !== null && textOf(JSON.stringify(data)).length <= limits.scriptVisualizerChars;
      gathered.visualizer = { template: textOf(type), ...(isKept && { data }) };
    },
    clearVisualizations: () => {
      delete gathered.visualizer;
    },
    sleep: (ms: unknown) =>
      new Promise<string>((resolve) => {
        called(wait, () => resolve('slept'), ms);
      }),
    cwd: () => '/',
    getEnvName: () => job.info.environmentName,
    getCollectionName: () => job.info.collectionName,
    isSafeMode: () => true,
    utils: { minifyJson, minifyXml },
  };
}

/** A saved request; where it could not be run, what is given says so. */
async function runRequest(run: Run, name: string): Promise<unknown> {
  const reply = await run.runSaved(name);
  if (!reply.ok) return { message: reply.message };
  const { response } = reply;
  return {
    status: response.status,
    statusText: response.statusText,
    headers: headersOf(response),
    data: bodyOf(response.body),
    url: response.url,
    responseTime: response.totalMs,
    duration: response.totalMs,
    size: response.bytes,
  };
}

function iterationData({ variables }: Run): Record<string, unknown> {
  const data: Record<string, unknown> = { ...variables.all('data') };
  return {
    get: (name?: string) => (name ? data[name] : data),
    has: (name: string) => Object.hasOwn(data, name),
    set: (name: string, value: unknown) => {
      data[name] = value;
    },
    unset: (name: string) => {
      delete data[name];
    },
    stringify: () => JSON.stringify(data),
  };
}

function minifyJson(given: unknown): string {
  if (given === null || given === undefined) throw new Error('Failed to minify');
  if (typeof given === 'object') return JSON.stringify(given);
  if (typeof given !== 'string') throw new TypeError('minifyJson expects a string or object');
  if (given.trim() === '') return '';
  try {
    return JSON.stringify(JSON.parse(given));
  } catch (thrown) {
    throw new Error(`Failed to minify: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function minifyXml(given: unknown): string {
  if (given === null || given === undefined) throw new Error('Failed to minify');
  if (typeof given !== 'string') throw new TypeError('minifyXml expects a string');
  return given.replaceAll(/>\s+</g, '><').trim();
}
