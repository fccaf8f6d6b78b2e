import { expect, it } from 'vitest';
import { placeSource } from '../../../src/cli/secret-source.ts';

const rows: readonly (readonly [typed: string, placed: string])[] = [
  ['env:TOKEN', 'env:TOKEN'],
  ['dotenv:.env#KEY', 'dotenv:/srv/app/.env#KEY'],
  ['dotenv:../team/.env#KEY', 'dotenv:/srv/team/.env#KEY'],
  ['dotenv:/etc/team.env#KEY', 'dotenv:/etc/team.env#KEY'],
  ['dotenv:a#b.env#KEY', 'dotenv:/srv/app/a#b.env#KEY'],
  ['dotenv:#KEY', 'dotenv:#KEY'],
  ['dotenv:.env', 'dotenv:.env'],
  ['exec:pass/dotenv:.env#KEY', 'exec:pass/dotenv:.env#KEY'],
];

it.each(rows)('--from %s', (typed, placed) => {
  expect(placeSource(typed, '/srv/app')).toBe(placed);
});
