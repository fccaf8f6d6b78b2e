import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { precedence } from '../../shared/template/precedence.ts';

it('docs/reference/formats.md shows the precedence that is applied', () => {
  const rows = Object.entries(precedence).map(([dialect, order]) => `| ${dialect} | ${order.join(', ')} |`);
  const table = ['| format | order |', '| --- | --- |', ...rows].join('\n');
  expect(readFileSync('docs/reference/formats.md', 'utf8')).toContain(`-->\n${table}\n<!-- /precedence -->`);
});
