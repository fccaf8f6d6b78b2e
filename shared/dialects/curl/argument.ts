import type { Template } from '../../template/template.ts';

/** An option with its argument, each a word. */
export type Argument = readonly [option: string, value?: Template];

/** A text without references. */
export const text = (value: string): Template => (value === '' ? [] : [{ kind: 'text', text: value }]);
