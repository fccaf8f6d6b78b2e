// What the files put into a sensitive place is a secret, under whatever name it stands; what the agent puts there is not.
import { describe, expect, it } from 'vitest';
import { lexSealed, lexTemplate, mapReferences } from '../../../shared/template/lex.ts';
import { renderTemplate } from '../../../shared/template/render.ts';
import { describeVariables } from '../../../src/execute/describe-variables.ts';
import { handle, lookupIn, scopeOf, shown, variables } from './scope-of.ts';

const scope = () =>
  scopeOf({
    agent: { given: 'from the agent' },
    environment: variables([
      ['plain', 'S1'],
      ['bearer', 'Bearer S2'],
      ['mixed', 'a-{{plain}}-{{given}}'],
      ['handled', '{{vault:KEY}}'],
      ['blank', '  '],
      ['key_prod_token', 'S3', 'sealed'],
      ['tier', 'prod'],
    ]),
    handles: lookupIn([handle('KEY')]),
  });

describe('P1: a reference in a sensitive place', () => {
  it.each([
    ['{{plain}}', '[secret]'],
    ['Bearer {{plain}}', 'Bearer [secret]'],
    ['{{bearer}}', 'Bearer [secret]'],
    ['{{mixed}}', '[secret][secret][secret]from the agent'],
    ['{{given}}', 'from the agent'],
    ['{{handled}}', '[handle KEY]'],
    ['{{blank}}', '  '],
    ['{{$guid}}', 'dynamic $guid'],
  ])('%s is sent as %s', (text, expected) => {
    const rendered = renderTemplate(lexSealed(text), scope());
    expect(rendered.ok ? shown(rendered.value) : rendered.failure).toBe(expected);
  });

  it('is an ordinary one elsewhere', () => {
    const rendered = renderTemplate(lexTemplate('{{plain}} {{mixed}}'), scope());
    expect(rendered.ok ? shown(rendered.value) : '').toBe('S1 a-S1-from the agent');
  });

  it('stays one when a dialect gives it another name', () => {
    const renamed = mapReferences(lexSealed('{{_.plain}}'), (name) => lexTemplate(`{{${name.slice(2)}}}`));
    const rendered = renderTemplate(renamed, scope());
    expect(rendered.ok ? shown(rendered.value) : '').toBe('[secret]');
  });

  it('is described as a secret, also where it was seen before', () => {
    const rows = describeVariables([lexTemplate('{{plain}} {{tier}}'), lexSealed('{{mixed}}')], scope());
    expect(rows).toEqual([
      { name: 'plain', status: 'secret', source: 'environment' },
      { name: 'tier', status: 'set', source: 'environment', value: 'prod' },
      { name: 'mixed', status: 'secret', source: 'environment' },
      { name: 'given', status: 'set', source: 'agent' },
    ]);
  });
});

describe('P2: a name that the agent completes', () => {
  it.each([
    ['{{key_{{choice}}_token}}', { choice: 'prod' }, 'SECRET/PLACE_NOT_ALLOWED'],
    ['{{key_{{tier}}_token}}', {}, '[secret]'],
    ['{{{{choice}}}}', { choice: 'handled' }, 'SECRET/PLACE_NOT_ALLOWED'],
    ['{{{{choice}}}}', { choice: 'tier' }, 'prod'],
  ])('%s with %j gives %s', (text, agent, expected) => {
    const input = scopeOf({
      agent,
      environment: variables([
        ['key_prod_token', 'S3', 'sealed'],
        ['tier', 'prod'],
        ['handled', '{{vault:KEY}}'],
      ]),
      handles: lookupIn([handle('KEY')]),
    });
    const rendered = renderTemplate(lexTemplate(text), input);
    expect(rendered.ok ? shown(rendered.value) : rendered.failure.code).toBe(expected);
  });
});
