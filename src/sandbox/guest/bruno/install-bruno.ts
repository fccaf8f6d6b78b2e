// Bruno's API, which is OpenCollection's too: https://docs.usebruno.com/testing/script/javascript-reference

import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { chai } from '../assertions/chai.ts';
import { addChaiMethods } from '../assertions/chai-methods.ts';
import { type AssertionResult, runAssertions } from '../assertions/run-assertions.ts';
import type { Run } from '../run.ts';
import { setAnswerVariables } from './answer-variables.ts';
import { createBru } from './bru.ts';
import { called, textOf } from './given.ts';
import { createReq } from './request.ts';
import { createRes } from './response.ts';
import { createAxios } from './send.ts';
import { createTests, summarised } from './tests.ts';

/** Puts `bru`, `req`, `res`, `test`, `expect`, `assert` and the modules that Bruno has itself into the globals. */
export function installBruno(run: Run, globals: Record<string, unknown>): void {
  const { job } = run;
  addChaiMethods();
  const tests = createTests(run);
  let asserted: readonly AssertionResult[] | undefined;
  const bru: Record<string, unknown> = {
    ...createBru(run, globals.setTimeout),
    getTestResults: async () => summarised(tests.results),
    getAssertionResults: async () => summarised(asserted ?? []),
  };
  const req = createReq(run);
  const res = job.response && createRes(run, job.response);
  const axios = createAxios(run);
  const { require: libraries } = globals;
  // Bruno's ajv is the eighth.
  const modules: Readonly<Record<string, unknown>> = { axios, ajv: Ajv, 'ajv-formats': formats.default };
  Object.assign(globals, {
    bru,
    req,
    ...(res && { res }),
    test: tests.test,
    expect: chai.expect,
    assert: chai.assert,
    axios,
    require: (name: unknown) => {
      const own = Object.hasOwn(modules, textOf(name)) ? modules[textOf(name)] : undefined;
      return own ?? called(libraries ?? run.modules.require, name);
    },
  });
  if (job.phase === 'before') return;
  setAnswerVariables(run, { bru, req, res });
  const assertOnce = (): void => {
    asserted ??= runAssertions(run, { bru, req, res });
  };
  run.hook({
    beforeScript: ({ stage }) => {
      if (stage === 'tests') assertOnce();
    },
    atEnd: assertOnce,
  });
}
