// Why the tests of a request say something else than in newman, where the whole way is gone.

export interface RunDifference {
  /** Of the line that the test tells: file, request, and what both say. */
  readonly covers: RegExp;
  readonly why: string;
}

export const runDifferences: readonly RunDifference[] = [
  { covers: /TEMPLATE\/VARIABLE_MISSING/, why: 'newman sends {{name}} where a variable has no value; we send nothing' },
  {
    covers: /REQUEST\/AUTH_INCOMPLETE/,
    why: 'newman sends a request without its auth where that is not complete; we send nothing',
  },
  {
    covers: /SCRIPT\/FAILED/,
    why: 'newman sends a request though its pre-request script failed, and with it what the script did not get to; we do not',
  },
  {
    covers: /NETWORK\/NAME_UNRESOLVED/,
    why: 'a script chooses another host than this one; newman runs the tests without an answer',
  },
  {
    covers: /› \d+ basicAuth: .*Should authorize correctly/s,
    why: 'what auth adds to a request is shown redacted, so that it never equals the credential that the script states',
  },
  {
    covers: /prototype-check|SugarJS working/,
    why: 'SugarJS, which newman adds to the prototypes of strings, lists, numbers and functions, is not there but for has()',
  },
  {
    covers: /› \d+ (?:Set|Get|Delete) Cookies: /,
    why: 'the answer is redacted before scripts see it: what stands under "cookies" is a reference, not a map of them',
  },
];
