import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  redactSavedBody,
  sealBody,
  sealField,
  sealHeader,
  sealText,
  sealVariable,
} from '../../../shared/collection/seal-literals.ts';
import { templateText } from '../../../shared/template/lex.ts';
import { plainText } from '../../dialects/plain-text.ts';

/** A body, and what is to be read of it. */
const BODIES: readonly (readonly [body: string, shown: string])[] = [
  ['{"password":"x"}', '{"password":"[secret]"}'],
  ['{"password": ""}', '{"password": ""}'],
  ['{"password":"<string>"}', '{"password":"<string>"}'],
  ['{"a":"password"}', '{"a":"password"}'],
  ['{"pass\\u0077ord":"x"}', '{"pass\\u0077ord":"[secret]"}'],
  ['{"password":"a\\"b"}', '{"password":"[secret]"}'],
  ['{"password":"}","a":"b"}', '{"password":"[secret]","a":"b"}'],
  ['{"password":-12.5e3}', '{"password":[secret]}'],
  ['{"password":[1,"a",{"b":"c"}],"a":"b"}', '{"password":[[secret],"[secret]",{"b":"[secret]"}],"a":"b"}'],
  ['{"password":{{ref}},"a":1}', '{"password":{{ref}},"a":1}'],
  ['{"password":"{{a}}x{{b}}"}', '{"password":"{{a}}[secret]{{b}}"}'],
  ['{"a":{"name":"password","value":"x"}}', '{"a":{"name":"password","value":"[secret]"}}'],
  ['{"value":"x","name":"password"}', '{"value":"[secret]","name":"password"}'],
  ['{"name":"password","value":"x"', '{"name":"password","value":"[secret]"'],
  ['{"name":"colour","value":"x"}', '{"name":"colour","value":"x"}'],
  ['mutation { login(password: "x", n: 1) { id } }', 'mutation { login(password: "[secret]", n: 1) { id } }'],
  ['query($password: String!) { me }', 'query($password: String!) { me }'],
  ['<password>x</password>', '<password>[secret]</password>'],
  ['<password/><a>b</a>', '<password/><a>b</a>'],
  ['<a password=\'x\' b="c"/>', '<a password=\'[secret]\' b="c"/>'],
  ['<password><![CDATA[x<y]]></password>', '<password><![CDATA[[secret]]]></password>'],
  ['<password>x', '<password>[secret]'],
  ['<a></a><password>x', '<a></a><password>[secret]'],
  ['a=b&password=x&c=d', 'a=b&password=[secret]&c=d'],
  ['password=x', 'password=[secret]'],
  // GraphQL and other texts in a JSON string.
  [
    String.raw`{"query":"mutation{login(password:\"S\", n:\"b\")}"}`,
    String.raw`{"query":"mutation{login(password:\"[secret]\", n:\"b\")}"}`,
  ],
  [
    String.raw`{"q":"m{a(t:\"\u0041\\\\\")}","p":"{\"password\":\"S\\\"T\",\"a\":\"b\"}"}`,
    String.raw`{"q":"m{a(t:\"\u0041\\\\\")}","p":"{\"password\":\"[secret]\",\"a\":\"b\"}"}`,
  ],
  ['{"body":"a=b&password=S","x":"a=b"}', '{"body":"a=b&password=[secret]","x":"a=b"}'],
  ['{"u":"https://u:S@h/?api_key=K&b=c"}', '{"u":"https://[secret]:[secret]@h/?api_key=[secret]&b=c"}'],
  ['{"query":"query($password: String!) { me }"}', '{"query":"query($password: String!) { me }"}'],
  ['{"note":"the password: see (below)"}', '{"note":"the password: see (below)"}'],
  // Strings of other kinds, and none at all.
  ["{'password':'S','a':'b'}", "{'password':'[secret]','a':'b'}"],
  [String.raw`{'password':'S\'T'}`, "{'password':'[secret]'}"],
  ['{it\'s: 1, "password": "S"}', '{it\'s: 1, "password": "[secret]"}'],
  ['{"password": S, "a": b}', '{"password": [secret], "a": b}'],
  ['{"password": correct horse, "a": b c}', '{"password": [secret] [secret], "a": b c}'],
  ['{"password": S{{ref}}T}', '{"password": [secret]{{ref}}[secret]}'],
  ['{password: S, a: b}', '{password: [secret], a: b}'],
  ['{"password": [S, T], "a": [b]}', '{"password": [[secret], [secret]], "a": [b]}'],
  ['{"password": null, "token": true}', '{"password": null, "token": true}'],
  ['mutation { login(token: """S\n"T""", a: "b") }', 'mutation { login(token: """[secret]""", a: "b") }'],
  ['mutation { login(password: $pw) { token { value } } }', 'mutation { login(password: $pw) { token { value } } }'],
  ['{ token: accessToken secret: me { a b } }', '{ token: accessToken secret: me { a b } }'],
  ['input A { password: String! tokens: [String!]! }', 'input A { password: String! tokens: [String!]! }'],
  // XML.
  ['<secret><v>S</v>T</secret><v>b</v>', '<secret><v>[secret]</v>[secret]</secret><v>b</v>'],
  ['<secret><secret>S</secret>T</secret><v>b</v>', '<secret><secret>[secret]</secret>[secret]</secret><v>b</v>'],
  ['<secret><v a="S" xmlns="urn:x"/></secret>', '<secret><v a="[secret]" xmlns="urn:x"/></secret>'],
  ['<key name="password">S</key><key name="a">b</key>', '<key name="password">[secret]</key><key name="a">b</key>'],
  ['<input name="password" value="S"><p>b</p>', '<input name="password" value="[secret]"><p>b</p>'],
  ['<a name="colour" value="b">c</a>', '<a name="colour" value="b">c</a>'],
  // Forms.
  ['login[password]=S&login[name]=b', 'login[password]=[secret]&login[name]=b'],
  ['{{name}}=a&password=S', '{{name}}=a&password=[secret]'],
  ['a=1&pass%77ord=S', 'a=1&pass%77ord=[secret]'],
  ['payload=%7B%22password%22%3A%22S%22%7D&a=%7B%22b%22%3A1%7D', 'payload=[secret]&a=%7B%22b%22%3A1%7D'],
  // Lines.
  ['password: S', 'password: [secret]'],
  ['a: b\npassword: "S T"\nc: d', 'a: b\npassword: "[secret]"\nc: d'],
  ['a: b\r\n  - api_key: S\r\nc: d\r\n', 'a: b\r\n  - api_key: [secret]\r\nc: d\r\n'],
  ['[db]\npassword = S\nuser = b', '[db]\npassword = [secret]\nuser = b'],
  ['# db\npassword = S\nuser = b', '# db\npassword = [secret]\nuser = b'],
  ['password: |\n  S\n  T\na: b', 'password: |\n  [secret]\n  [secret]\na: b'],
  ['secrets:\n  a: S\n  b:\n    - T\nc: d', 'secrets:\n  a: [secret]\n  b:\n    - [secret]\nc: d'],
  ['- name: PASSWORD\n  value: S\n- name: a\n  value: b', '- name: PASSWORD\n  value: [secret]\n- name: a\n  value: b'],
  ['password: {{ref}}\ntoken: null\nsecret: <string>', 'password: {{ref}}\ntoken: null\nsecret: <string>'],
  ['Note: the password is not here\nhttps://h/token', 'Note: the password is not here\nhttps://h/token'],
  ['just text', 'just text'],
  ['', ''],
];

describe('sealing a body', () => {
  it.each(BODIES)('P1: of %j shows %j', (body, shown) => {
    const sealed = sealBody(body);
    expect(templateText(sealed)).toBe(shown);
    expect(plainText(sealed)).toBe(body);
  });

  it('P1: hides any text under a sensitive key of any JSON, and changes none of it', () => {
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    const secret = fc.stringMatching(/^[A-Z0-9"\\]{6,12}$/).map((text) => `Z9${text}`);
    fc.assert(
      fc.property(fc.dictionary(word, fc.jsonValue({ maxDepth: 2 })), secret, fc.nat(2), (rest, value, indent) => {
        const body = JSON.stringify({ ...rest, client_secret: value, nested: [{ api_key: [value] }] }, null, indent);
        const sealed = sealBody(body);
        expect(templateText(sealed)).not.toContain(JSON.stringify(value).slice(1, -1));
        expect(plainText(sealed)).toBe(body);
      }),
    );
  });

  it('P12: takes any depth and any length', () => {
    const deep = `${'['.repeat(100_000)}{"password":"x"}`;
    const sealed = sealBody(deep);
    expect(plainText(sealed)).toBe(deep);
    expect(templateText(sealed).endsWith('"[secret]"}')).toBe(true);
    const long = JSON.stringify({ data: 'a'.repeat(4_000_000), password: 'b'.repeat(4_000_000) });
    expect(templateText(sealBody(long)).length).toBeLessThan(4_000_100);
    const many = JSON.stringify(Array.from({ length: 100_000 }, () => ({ password: 'x' })));
    expect(templateText(sealBody(many))).not.toContain('"x"');
  });
});

describe('sealing fields', () => {
  it.each([
    ['Authorization', 'Bearer abc', 'Bearer [secret]'],
    ['authorization', '{{token}}', '{{token}}'],
    ['Cookie', 'a=b; session=c', 'a=[secret]; session=[secret]'],
    ['Cookie', '{{cookies}}', '{{cookies}}'],
    ['Cookie', 'opaque', '[secret]'],
    ['Accept', 'text/html', 'text/html'],
    ['X-Api-Key', '<your key>', '<your key>'],
    ['X-Api-Key', '<a> b <c>', '[secret]'],
    ['X-Api-Key', '<ваш ключ_1-2>', '<ваш ключ_1-2>'],
    ['X-Api-Key', '<>', '<>'],
    ['X-Api-Key', `<${'a'.repeat(64)}>`, `<${'a'.repeat(64)}>`],
    ['X-Api-Key', `<${'a'.repeat(65)}>`, '[secret]'],
    ['X-Api-Key', '<a.b>', '[secret]'],
    ['X-Api-Key', '<a/b+c=>', '[secret]'],
    ['X-Api-Key', '<a\tb>', '[secret]'],
  ])('P1: the header %s: %s shows %s', (name, value, shown) => {
    expect(templateText(sealHeader(name, value))).toBe(shown);
  });

  it('P1: prints a sealed field only as a reference', () => {
    const text = JSON.stringify([sealField('password', 'SECRET-1'), sealText('SECRET-2')]);
    expect(text).toBe('[[{"kind":"sealed","value":{"kind":"inline"}}],[{"kind":"sealed","value":{"kind":"inline"}}]]');
  });

  it('P1: redacts a saved body', () => {
    expect(redactSavedBody('{"access_token":"SECRET","n":1}')).toBe('{"access_token":"[secret]","n":1}');
    expect(redactSavedBody('{"access_token": [secret]}')).toBe('{"access_token": [secret]}');
  });
});

describe('secret variables', () => {
  const table: readonly (readonly [value: string, shown: string])[] = [
    ['https://hooks.test/services/T0/B0/x1', 'https://hooks.test[secret]'],
    ['https://hooks.test:8443?key=1', 'https://hooks.test:8443[secret]'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['https://api.test/', 'https://api.test/'],
    ['https://api.test{{path}}', 'https://api.test{{path}}'],
    ['https://user:pass@api.test/', '[secret]'],
    ['https://{{host}}/x', '[secret]{{host}}[secret]'],
    ['https://', '[secret]'],
    ['postgres://u:p@db.test/x', '[secret]'],
    ['not https://api.test/x', '[secret]'],
    ['sk_live_1234567890', '[secret]'],
    ['', ''],
  ];

  it.each(table)('P1: called secret, %s shows as %s', (value, shown) => {
    expect(templateText(sealVariable(value, 'named'))).toBe(shown);
  });

  it.each([
    ['https://hooks.test/services/T0/B0/x1', '[secret]'],
    ['https://tenant-7f3a.hooks.test?key=1', '[secret]'],
    ['https://api.test{{path}}', '[secret]{{path}}'],
    ['https://api.test', 'https://api.test'],
    ['https://api.test:8443/', 'https://api.test:8443/'],
    ['https://api.test//', '[secret]'],
    ['sk_live_1234567890', '[secret]'],
  ])('P1: marked as secret, %s shows as %s', (value, shown) => {
    expect(templateText(sealVariable(value, 'marked'))).toBe(shown);
  });
});

/** Texts that took time in the square of their length: at this length, much more than the time that they have. */
const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  ['an unclosed tag', `<${'a'.repeat(500_000)}`],
  ['a tag of one attribute name', `<a ${'b'.repeat(500_000)}>`],
  ['attributes without values', `<a ${'b='.repeat(250_000)}>`],
  ['unclosed quotes', `<a ${`b="`.repeat(150_001)}>`],
  ['elements in a secret element', '<password>'.repeat(150_000)],
  ['unclosed CDATA', '<password><![CDATA['.repeat(150_000)],
  ['CDATA that one end closes', `${'<password><![CDATA['.repeat(150_000)}]]>`],
  ['a form of one name', `a=1&${'b'.repeat(500_000)}`],
  ['a form of one sign', `a=1&${'='.repeat(500_000)}`],
  ['apostrophes that nothing closes', `{${" 'a \\".repeat(100_000)}`],
  ['a line of apostrophes', `{${"'".repeat(500_001)}`],
  ['block strings that nothing closes', `{${'"""\\'.repeat(125_000)}`],
  ['strings in strings', JSON.stringify(JSON.stringify(JSON.stringify({ a: '"{'.repeat(30_000) })))],
  ['sensitive elements beside each other', '<password></token><token></password>'.repeat(15_000)],
  ['elements of many names', Array.from({ length: 30_000 }, (_, at) => `<password${at}>`).join('')],
  ['user info without end', `{"a":"${'a://b'.repeat(100_000)}"}`],
  ['lines of blanks', `a:${' '.repeat(500_000)}`],
  ['names without values', 'password:\n'.repeat(50_000)],
  ['one long line', `password: ${'a: '.repeat(150_000)}`],
  ['one long key with many values', `{"${'k'.repeat(250_000)}": ${'1 '.repeat(125_000)}`],
];

describe('sealing takes one pass', () => {
  it.each(HOSTILE)('P12: over %s', { timeout: 7_500 }, (_, text) => {
    expect(plainText(sealBody(text))).toBe(text);
  });

  it.each([
    ['<a><password><![CDATA[x<password>y]]></password><token>z</token>', '[[secret]]]></password><token>[secret]'],
    ['<a b="<" password="x">', 'password="x"'],
    [`<a b='"' password="x">`, 'password="[secret]"'],
    ['a=1&==token=x=y&b=2', '==token=[secret]&b=2'],
    ['a=1\npassword=x\r\nb=2', 'password=[secret]\r\nb=2'],
  ])('P1: as before, %j shows %j', (body, shown) => {
    expect(templateText(sealBody(body))).toContain(shown);
  });
});
