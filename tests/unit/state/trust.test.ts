import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTrustStore, type TrustedConfig } from '../../../src/state/trust.ts';
import { later } from './later.ts';
import { failureOf, must, tamper, temporaryHome, temporaryState } from './temporary-home.ts';

const accepted: TrustedConfig = { file: '/w/keyward.yaml', hash: 'h', text: 'version: 1', raised: ['shop-1'] };

describe('what the operator trusted', () => {
  it('P8: is found as it was accepted, and at its path only', () => {
    const store = createTrustStore(temporaryState(), later);
    expect(must(store.find(accepted.file))).toBeUndefined();
    must(store.accept(accepted, 1));
    expect(must(store.find(accepted.file))).toEqual(accepted);
    expect(must(store.find('/other/keyward.yaml'))).toBeUndefined();
    expect(must(store.unverified())).toEqual([]);
    must(store.accept({ ...accepted, hash: 'h2', raised: [] }, 2));
    expect(must(store.find(accepted.file))).toEqual({ ...accepted, hash: 'h2', raised: [] });
  });

  it('P8: is what was accepted last, by whichever process and store', () => {
    const home = temporaryHome();
    const state = temporaryState(home);
    const stores = [state, state, temporaryState(home)].map((each) => createTrustStore(each, later));
    for (const [at, store] of stores.entries()) {
      must(store.accept({ ...accepted, hash: `h${at}` }, at));
      expect(stores.map((each) => must(each.find(accepted.file))?.hash)).toEqual(stores.map(() => `h${at}`));
    }
  });

  const CHANGES: readonly (readonly [what: string, sql: string])[] = [
    ['the hash', "UPDATE trusted_config SET hash = 'x'"],
    ['the text', "UPDATE trusted_config SET text = 'approvals: { unsafe: allow }'"],
    ['the raised ids', `UPDATE trusted_config SET raised = '["shop-1","other-2"]'`],
    ['the path', "UPDATE trusted_config SET file = '/v/keyward.yaml'"],
    ['the proof', "UPDATE trusted_config SET mac = ''"],
    [
      'a row of its own',
      `DELETE FROM trusted_config; INSERT INTO trusted_config (file, hash, text, trusted_at) VALUES ('/w/keyward.yaml', 'x', '', 1)`,
    ],
  ];

  it.each(CHANGES)('P4: is not trusted once the database was changed: %s', (_, sql) => {
    const home = temporaryHome();
    const state = temporaryState(home);
    const store = createTrustStore(state, later);
    must(store.accept(accepted, 1));
    expect(must(store.find(accepted.file))).toEqual(accepted);
    tamper(home, (each) => {
      for (const statement of sql.split('; ')) each.run(statement);
    });
    for (const file of [accepted.file, '/v/keyward.yaml']) expect(must(store.find(file))).toBeUndefined();
    expect(must(store.unverified())).toHaveLength(1);
    must(store.accept({ ...accepted, file: must(store.unverified())[0]?.file ?? '' }, 2));
    expect(must(store.unverified())).toEqual([]);
  });

  it('P4: is not trusted without its key, or with another one', () => {
    const home = temporaryHome();
    const store = createTrustStore(temporaryState(home), later);
    must(store.accept(accepted, 1));
    const key = join(home, 'trust.key');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const text = readFileSync(key, 'utf8');
    expect(must(store.find(accepted.file))).toEqual(accepted);
    rmSync(key);
    expect(must(store.find(accepted.file))).toBeUndefined();
    must(store.accept({ ...accepted, file: '/v/keyward.yaml' }, 1));
    expect(must(store.unverified())).toEqual([accepted]);
    writeFileSync(key, text);
    expect(must(store.find(accepted.file))).toEqual(accepted);
  });

  it('P7: fails where the key is damaged or open to others', () => {
    const home = temporaryHome();
    const store = createTrustStore(temporaryState(home), later);
    must(store.accept(accepted, 1));
    const key = join(home, 'trust.key');
    expect(must(store.find(accepted.file))).toEqual(accepted);
    chmodSync(key, 0o644);
    expect(failureOf(store.find(accepted.file)).code).toBe('CONFIG/HOME_UNSAFE');
    chmodSync(key, 0o600);
    writeFileSync(key, 'short\n');
    for (const result of [store.find(accepted.file), store.unverified(), store.accept(accepted, 2)]) {
      expect(failureOf(result).code).toBe('CONFIG/HOME_UNSAFE');
    }
  });
});
