import { describe, expect, it } from 'vitest';
import { type JsonOptions, redactJson } from '../../../../shared/redact/json/redact-json.ts';
import { createNameMatcher } from '../../../../shared/redact/names.ts';
import { redactString } from '../../../../shared/redact/redact-string.ts';
import { createScrubber } from '../../../../shared/redact/scrubber.ts';
import { credentialCandidates } from '../../../../shared/redact/shapes.ts';

const R = '[redacted]';
const judge = createNameMatcher();
const bytesOf = (text: string) => new TextEncoder().encode(text);
const names = (text: string, options: Partial<JsonOptions> = {}) => redactJson(bytesOf(text), { judge, ...options });

/** Names, these known values, and shapes. */
function whole(text: string, values: readonly string[], options: Partial<JsonOptions> = {}) {
  const scrubber = createScrubber(values.map((value, index) => ({ id: `s${index}`, value })));
  return names(text, {
    find: (bytes) => scrubber.find(bytes),
    isShortSecret: scrubber.knows.short ? (field) => scrubber.isShortSecret(field) : undefined,
    isKnownNumber: scrubber.knows.numeric ? (number) => scrubber.scrub(number).hits > 0 : undefined,
    candidatesIn: credentialCandidates,
    redactString,
    ...options,
  });
}

describe('names in JSON', () => {
  // [text, redacted]
  const texts: readonly (readonly [string, string])[] = [
    ['{"password":"x","password":"y"}', `{"password":"${R}","password":"${R}"}`],
    ['{"__proto__":{"password":"x"},"n":1.0}', `{"__proto__":{"password":"${R}"},"n":1.0}`],
    ['[12345678901234567890.10,1E5,-0,{"pin":0}]', `[12345678901234567890.10,1E5,-0,{"pin":"${R}"}]`],
    ['{"p\\u0061ss\\u0077ord":"x","\\u0061":1}', `{"p\\u0061ss\\u0077ord":"${R}","\\u0061":1}`],
    ['{"пароль":"x","näme":"ü😀","token":"é"}', `{"пароль":"${R}","näme":"ü😀","token":"${R}"}`],
    ['{"token":[1,[2,3],true],"tokens":[],"secret":{},"cookie":null}', ''],
    ['{"token":[1,"x"],"secret":{"a":1}}', `{"token":"${R}","secret":"${R}"}`],
    ['{"a":{"secret":{"password":"x"}}}', `{"a":{"secret":"${R}"}}`],
    ['{"token":{"kind":"inline"},"secret":{"kind":"handle","id":"h_1","label":"a b"}}', ''],
    ['{"token":{"kind":"inline","v":"x"}}', `{"token":"${R}"}`],
    ['{"token":{"kind":"handle","id":["x"]}}', `{"token":"${R}"}`],
    [
      '[["Authorization","Bearer x"],["a","b"],["password","x","y"]]',
      `[["Authorization","Bearer ${R}"],["a","b"],["password","x","y"]]`,
    ],
    ['{"value":"x","b":1,"key":"api_key"}', `{"value":"${R}","b":1,"key":"api_key"}`],
    [
      '{"name":"a","header":"Authorization","value":"Basic eDp5"}',
      `{"name":"a","header":"Authorization","value":"Basic ${R}"}`,
    ],
    ['{"label":"pin","data":{"x":[1]},"text":5}', `{"label":"pin","data":"${R}","text":"${R}"}`],
    ['{"Auth":{"value":"x","n":{"value":"y"}}}', `{"Auth":{"value":"${R}","n":{"value":"y"}}}`],
    ['{"code":"abcd","state":"xyzw","redirect_uri":"u"}', `{"code":"${R}","state":"${R}","redirect_uri":"u"}`],
    ['{"code":"USD","state":"open"}', ''],
    ['{"name":"sso","value":"q7Xk29LmPz4RtV8wYb"}', `{"name":"sso","value":"${R}"}`],
    ['{"name":"state","value":"q7Xk29LmPz4RtV8wYb"}', ''],
    [
      '{"data":{"a":"x"},"kind":"Secret","stringData":{"b":"y"}}',
      `{"data":"${R}","kind":"Secret","stringData":"${R}"}`,
    ],
    ['{"data":{"a":"x"},"kind":"ConfigMap"}', ''],
    ['{"http-signature":"~1.3.1","js-cookie":"^3.0.5","token":">=1.0 <2","csrf":"3.1.0","jwt":"1.x","secret":"*"}', ''],
    ['{"token":"1.2.3-x9","secret":"latest","pin":"1.2"}', `{"token":"${R}","secret":"${R}","pin":"${R}"}`],
    ['{"@types/cookie":"x","node_modules/js-cookie":{"a":"b"},"application/jwt":{"schema":{}}}', ''],
    ['{"properties":{"client_secret":{"type":"string","description":"d","minLength":8}}}', ''],
    ['{"Credential":{"type":"object","properties":{"password":{"$ref":"#/p"}},"required":["password"]}}', ''],
    ['{"basicAuth":{"type":"http","scheme":"basic"},"flows":{"password":{"tokenUrl":"/t","scopes":{}}}}', ''],
    [
      '{"secret":{"type":"x"},"token":{"type":"string","default":"x"},"jwt":{"type":"x","type":"string"}}',
      `{"secret":"${R}","token":"${R}","jwt":"${R}"}`,
    ],
    ['"password"', ''],
    [' \n{ } ', ''],
  ];
  it.each(texts)('P1: %s', (text, expected) => {
    const shown = names(text);
    expect(shown).toMatchObject({ verdict: 'json', text: expected || text });
    expect(names(shown.text)).toMatchObject({ text: shown.text, counts: { names: 0 } });
  });

  it('P1: knows a name again that looks like another one, and forgets none for a credential', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `"field${index}":"v"`).join(',');
    const text = `[{${many},"password":"x"},{"pastword":"x","mossword":"y","password":"x","":1,"a":2,"b":3}]`;
    expect(names(text).text).toBe(text.replaceAll('"password":"x"', `"password":"${R}"`));
  });

  it('P1: tells what credentials held, inside of objects as well, and nothing else', () => {
    const taken: string[] = [];
    const text =
      '{"token":"a\\u0062c","secret":{"id":"in","l":[1,"side"]},"ssn":"078","x":{"token":"[redacted]"},"pin":5}';
    names(text, { taken: (value) => taken.push(value) });
    expect(taken).toEqual(['abc', 'in', 'side']);
  });
});

describe('known values in JSON', () => {
  // [text, known values, redacted]
  const texts: readonly (readonly [string, readonly string[], string])[] = [
    ['{"a":"x qwertzvalue y"}', ['qwertzvalue'], `{"a":"x ${R} y"}`],
    ['{"a\\n qwertzvalue":"\\t qwertzvalue \\\\"}', ['qwertzvalue'], `{"a\\n ${R}":"\\t ${R} \\\\"}`],
    ['{"a":"abcdef","b":"ghijkl","c":1}', ['abcdef","b":"ghijkl'], `{"a":"${R}","${R}":"${R}","c":1}`],
    ['{"abc":12345,"d":true}', ['abc":12345'], `{"${R}":"${R}","d":true}`],
    ['{"x":"ab","d":true,"e":[null]}', ['ab","d":true'], `{"x":"${R}","${R}":"${R}","e":[null]}`],
    ['[4929123456789012,1.5]', ['4929123456789012'], `["${R}",1.5]`],
    ['[-1.2345678901234e13,1e400]', ['12345678901234'], `["${R}",1e400]`],
    ['{"a":"s3cr3t","b":"s3cr3t!","c":"\\u0073\\u0033cr3t"}', ['s3cr3t'], `{"a":"${R}","b":"s3cr3t!","c":"${R}"}`],
    ['{"pin":"1234","n":1234,"m":12345}', ['1234'], `{"pin":"${R}","n":"${R}","m":12345}`],
    ['{"password":"x qwertzvalue"}', ['qwertzvalue'], `{"password":"${R}"}`],
    ['{"password":"qwertzvalue"}', ['qwertzvalue'], `{"password":"${R}"}`],
    ['{"secret":{"a":"qwertzvalue"}}', ['qwertzvalue'], `{"secret":"${R}"}`],
    ['{"a":"é qwertzvälue ü"}', ['qwertzvälue'], `{"a":"é ${R} ü"}`],
    ['{"a":"qwertzvalue AKIAIOSFODNN7EXAMPLE"}', ['qwertzvalue'], `{"a":"${R} ${R}"}`],
    ['{"inner":"{\\"token\\":\\"x\\"}"}', [], `{"inner":"{\\"token\\":\\"${R}\\"}"}`],
    // [a document of another type in a string, whether its value goes]
    [
      '{"a":"<password>x y</password>","b":"say <password>x</password> z"}',
      [],
      `{"a":"<password>${R}</password>","b":"say <password>${R}</password> z"}`,
    ],
    ['{"a":"user: b\\npassword: correcthorse\\n"}', [], `{"a":"user: b\\npassword: ${R}\\n"}`],
    ['{"a":"A=1\\nPASSWORD=correcthorse\\n"}', [], `{"a":"A=1\\nPASSWORD=${R}\\n"}`],
    [
      '{"a":"{\\"x\\":1}\\n{\\"token\\":\\"x\\"}","b":"{password:\'x\'}","c":"{\\"token\\":\\"x\\",}"}',
      [],
      `{"a":"{\\"x\\":1}\\n{\\"token\\":\\"${R}\\"}","b":"{password:'${R}'}","c":"{\\"token\\":\\"${R}\\",}"}`,
    ],
    [
      '{"a":"password=correct&b=1","b":"user,password\\na,x\\n"}',
      [],
      `{"a":"password=${R}&b=1","b":"user,password\\na,${R}\\n"}`,
    ],
    [
      '{"a":"Parameters:\\n- token: the API token\\n- password: string (required)\\n","b":"use <password> in <b>it</b>"}',
      [],
      '{"a":"Parameters:\\n- token: the API token\\n- password: string (required)\\n","b":"use <password> in <b>it</b>"}',
    ],
    [
      '{"a":"Variable \\"$password\\" got invalid value \\"x y\\"; z"}',
      [],
      `{"a":"Variable \\"$password\\" got invalid value \\"${R}\\"; z"}`,
    ],
    [
      '{"a":{"b":"{\\"c\\":\\"{\\\\\\"token\\\\\\":\\\\\\"x\\\\\\"}\\"}"}}',
      [],
      `{"a":{"b":"{\\"c\\":\\"{\\\\\\"token\\\\\\":\\\\\\"${R}\\\\\\"}\\"}"}}`,
    ],
  ];
  it.each(texts)('P1: %s without %j', (text, values, expected) => {
    const shown = whole(text, values);
    expect(shown).toMatchObject({ verdict: 'json', text: expected });
    expect(() => JSON.parse(shown.text)).not.toThrow();
    expect(whole(shown.text, values)).toMatchObject({ text: expected, counts: { known: 0, names: 0, shapes: 0 } });
  });

  it('P1: counts each reason once', () => {
    const text =
      '{"password":"qwertzvalue","a":"qwertzvalue","token":"t","b":"AKIAIOSFODNN7EXAMPLE","secret":{"token":1}}';
    expect(whole(text, ['qwertzvalue']).counts).toEqual({ known: 2, names: 2, shapes: 1 });
  });

  it('P7: withholds what cannot be taken out: a value that no token holds', () => {
    expect(whole(`${'['.repeat(20)}1${']'.repeat(20)}`, ['[[[[[[[[[[[[']).verdict).toBe('withheld');
  });
});

describe('JSON that was cut short', () => {
  const cut = (text: string) => names(text, { incomplete: true });
  // [text, redacted]
  const texts: readonly (readonly [string, string])[] = [
    ['{"a":1,"b":"unfini', '{"a":1,"b":'],
    ['{"a":1,"passw', '{"a":1,'],
    ['{"a":12', '{"a":'],
    ['[true,fal', '[true,'],
    ['["\\u00', '['],
    ['{"a":1,', '{"a":1,'],
    ['{"a":{"secret":{"x":1,"y":[{"z":"w"}', `{"a":{"secret":"${R}"`],
    ['{"token":[1,2', `{"token":"${R}"`],
    ['[{"value":"x","b":1},{"value":"x","b":1', `[{"value":"x","b":1},{"value":"${R}","b":`],
    ['{"value":{"a":"x"},"b":true,', `{"value":"${R}","b":true,`],
    ['{"data":[{"a":"x"', `{"data":"${R}"`],
    [`{"data":[{"a":"${'x'.repeat(5_000)}","token":"y"`, `{"data":[{"a":"${'x'.repeat(5_000)}","token":"${R}"`],
    ['{"code":"abcd","a":"b"', `{"code":"${R}","a":"b"`],
    ['{"key":"PROJ","a":"b"', '{"key":"PROJ","a":"b"'],
    ['["Authorization","Bearer x"', `["Authorization","Bearer ${R}"`],
    ['', ''],
  ];
  it.each(texts)('P1: %s', (text, expected) => {
    expect(cut(text)).toMatchObject({ verdict: 'cut-short', text: expected });
  });

  it('P1: is JSON where it is whole all the same, and nothing where it is broken', () => {
    expect(cut('{"token":"x"} ')).toMatchObject({ verdict: 'json', text: `{"token":"${R}"} ` });
    for (const text of ['{"a":1,,', '[1 2', '{"a" 1', '["\\x', '[01,', '{"a":tru3']) {
      expect(cut(text).verdict, text).toBe('not-json');
      expect(names(text).verdict, text).toBe('not-json');
    }
    expect(names('{"a":1').verdict).toBe('not-json');
  });
});

describe('hostile JSON', () => {
  const many = 20_000;
  // Each would take minutes where a step is not linear.
  const texts: readonly (readonly [string, string])[] = [
    ['depth under secret names', `${'{"token":'.repeat(many)}"x"${'}'.repeat(many)}`],
    ['pairs', `{${'"name":"password","value":"x","code":"abcdef",'.repeat(many / 2)}"a":1}`],
    ['references', `[${'{"secret":{"kind":"handle","id":"'.repeat(many / 2)}`],
    ['lists of two', `${'["a",["b",'.repeat(many)}1${']]'.repeat(many)}`],
    ['escapes', `["${'\\u0041'.repeat(many)}"]`],
    ['escaped names', `{${'"\\u0061":1,'.repeat(many)}"a":1}`],
    ['taken in taken', `${'{"secret":{"a":"b",'.repeat(many / 10)}"x":1${'}}'.repeat(many / 10)}`],
  ];
  it.each(texts)('P12: is read in linear time: %s', (_, text) => {
    const taken = () => undefined;
    expect(names(text, { taken }).verdict).toMatch(/json/);
    expect(names(text.slice(0, text.length / 2), { taken, incomplete: true }).verdict).not.toBe('json');
    expect(whole(text, ['qwertzvalue']).verdict).toMatch(/json/);
  });

  it('P12: depth costs memory and no stack', () => {
    const levels = 200_000;
    const shown = names(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    expect(shown).toMatchObject({ verdict: 'json', depth: levels });
    expect(names('['.repeat(4_000_001)).verdict).toBe('withheld');
  });
});
