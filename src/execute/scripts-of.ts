// What of a request is run, by which API, and why nothing of it is.
import type { Collection, RequestTemplate, Script } from '../../shared/collection/model.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import type { ScriptApi, ScriptJob, ScriptPhase, ScriptSource } from '../../shared/script/job.ts';
import type { LiveText } from '../../shared/script/live-text.ts';

const APIS: Readonly<Partial<Record<string, ScriptApi>>> = {
  postman: 'postman',
  'postman-v3': 'postman',
  bruno: 'bruno',
  opencollection: 'bruno',
  insomnia: 'insomnia',
};

const OFF = 'Scripts are switched off in keyward.yaml, so nothing that they would set or test took effect.';
const NO_API = 'Scripts of this format are not run, so nothing that they would set or test took effect.';

/** Of a format whose scripts are not run Postman's, which nothing is run by. */
export function apiOf({ dialect }: Collection): ScriptApi {
  return APIS[dialect] ?? 'postman';
}

/** Why none of them runs, as a sentence; undefined where they do. */
export function whyNotRun({ dialect }: Collection, { scripts }: Pick<Policy, 'scripts'>): string | undefined {
  if (!scripts.run) return OFF;
  return APIS[dialect] === undefined ? NO_API : undefined;
}

/** How many scripts, assertions and variables from the answer it has. */
export function countOf({ scripts, assertions = [], answerVariables = [] }: RequestTemplate): number {
  return scripts.length + assertions.length + answerVariables.length;
}

/** Its scripts of a phase, in their order. */
export function sourcesOf({ scripts }: RequestTemplate, phase: ScriptPhase, live: LiveText): readonly ScriptSource[] {
  return scripts
    .filter((script) => script.phase === phase && /javascript|^$/i.test(script.language))
    .map((script) => ({
      source: live.source(script.source),
      label: labelOf(script),
      ...(script.stage && { stage: script.stage }),
    }));
}

/** What it declares for after the answer. */
export function declaredOf(
  { assertions = [], answerVariables = [] }: RequestTemplate,
  live: LiveText,
): Required<Pick<ScriptJob, 'assertions' | 'answerVariables'>> {
  return {
    assertions: assertions
      .filter(({ enabled }) => enabled)
      .map(({ expression, operator, value }) => ({ expression, operator, value: live.show(value ?? []) })),
    answerVariables: answerVariables
      .filter(({ enabled }) => enabled)
      .map(({ name, expression }) => ({ name, expression })),
  };
}

function labelOf({ phase, from, stage }: Script): string {
  if (phase === 'before') return `pre-request script of the ${from}`;
  return stage === 'response' ? `post-response script of the ${from}` : `test script of the ${from}`;
}
