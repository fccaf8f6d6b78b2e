import { expect, it } from 'vitest';
import { dialects } from '../../../shared/dialects/dialects.ts';
import { createLibrary } from '../../../shared/dialects/library.ts';

const loaded = await Promise.all(dialects.map((dialect) => dialect.load()));
const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

it('P2: an environment of one client is for the collections of that client only', () => {
  const library = createLibrary(loaded);
  const files: Readonly<Record<string, unknown>> = {
    'bru/bruno.json': { version: '1', name: 'Bru' },
    'bru/r.bru': 'meta {\n  name: r\n  type: http\n}\n\nget {\n  url: https://{{host}}/\n}\n',
    'p.postman_collection.json': { info: { name: 'Pm', schema }, item: [] },
    'p.postman_environment.json': { name: 'PmEnv', values: [{ key: 'host', value: 'evil.test', enabled: true }] },
    'v.environment.yaml': 'name: V3Env\nvalues:\n  - key: host\n    value: evil.test\n',
    'i.yaml':
      'type: environment.insomnia.rest/5.0\nname: Ins\nenvironments:\n  name: Base\n  data:\n    host: evil.test\n  subEnvironments:\n    - name: Sub\n      data:\n        host: evil.test\n',
  };
  for (const [file, content] of Object.entries(files)) {
    expect(library.put(file, typeof content === 'string' ? content : JSON.stringify(content)).ok, file).toBe(true);
  }
  const { collections, environments } = library.documents();
  const idOf = (wanted: string) => collections.find(({ name }) => name === wanted)?.id ?? '';
  const bound = Object.fromEntries(environments.map((each) => [each.name, each.collections]));
  expect(bound).toMatchObject({ PmEnv: [idOf('Pm')], V3Env: [idOf('Pm')], Sub: [] });
  for (const { collections: ids } of environments) expect(ids).not.toContain(idOf('Bru'));
});
