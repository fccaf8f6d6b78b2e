// Where requests of Bruno's own collection are judged otherwise than by bru in either mode, and why.

export interface BrunoDifference {
  readonly why: string;
  readonly requests: readonly string[];
}

const req = 'scripting/api/req';
const cookies = 'scripting/api/bru/cookies';

export const brunoDifferences: readonly BrunoDifference[] = [
  {
    why: 'A variable that nobody has stops the request before anything is sent; Bruno sends its name in braces.',
    requests: ['asserts/test-assert-combinations', 'string interpolation/missing values'],
  },
  {
    why: 'A reference into a variable, {{user.name}}, is filled in by scripts and assertions and not in requests.',
    requests: ['string interpolation/runtime vars', 'string interpolation/objects/arrays interpolation'],
  },
  {
    why: 'What scripts see of the request and the answer is redacted: fields called key, and whatever is a value that is known to be secret.',
    requests: [
      'echo/echo form-url-encoded',
      'scripting/api/res/jsonBody',
      `${req}/setBody/form-urlencoded/object body`,
      `${req}/setBody/form-urlencoded/string body`,
      `${req}/setBody/form-urlencoded/content-type via setHeader`,
      `${req}/setBody/form-urlencoded/array body`,
    ],
  },
  {
    why: 'A header of the collection has the name of its password, della, and is redacted by that.',
    requests: [
      `${req}/getHeaders`,
      `${req}/headerList/read-methods`,
      `${req}/headerList/search-methods`,
      `${req}/headerList/iteration-methods`,
      `${req}/headerList/transform-methods`,
      `${req}/headerList/populate`,
      `${req}/headerList/context-binding`,
    ],
  },
  {
    why: 'A header that a folder has switched off is not inherited.',
    requests: [`${req}/headerList/disabled-headers`],
  },
  {
    why: 'A variable of the process is a secret: scripts have a reference, and its value is redacted where the server gives it back.',
    requests: ['scripting/api/bru/getProcessEnv', 'string interpolation/process env vars'],
  },
  {
    why: 'A cookie that a script sets under the name of a credential is a secret from then on.',
    requests: [`${cookies}/setCookie header inclusion`],
  },
  {
    why: 'A bearer token that is empty is no authentication, so that the header of the file is sent.',
    requests: ['auth/bearer/via auth/Bearer Auth undefined'],
  },
  { why: 'The test wants the Accept and User-Agent of Bruno.', requests: ['echo/echo default request headers'] },
  { why: 'bru leaves the port out of the URL of an answer.', requests: ['scripting/api/res/getUrl'] },
  { why: 'A result tells of its first tests, and counts the others.', requests: ['scripting/api/res/jsonSchema'] },
  {
    why: 'bru has cheerio in developer mode alone, and there it does not load here.',
    requests: ['scripting/inbuilt modules/cheerio/cheerio'],
  },
  { why: 'A script may take one second, and this one waits for one.', requests: ['scripting/js/setTimeout'] },
  {
    why: 'The type that a variable of a file is marked with is not kept; numbers and objects are texts.',
    requests: ['variable-datatypes/typed vars'],
  },
];
