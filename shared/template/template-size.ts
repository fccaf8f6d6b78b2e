import type { Template, TemplatePart } from './template.ts';

export interface TemplateSize {
  /** Of its texts, and something for each part that is none; what is computed on counts each time that it is. */
  readonly chars: number;
  /** How deep computations nest. */
  readonly depth: number;
}

const PART_CHARS = 16;

/** Measures templates. Remembers what it measured, because computations may share what they compute on. */
export function createTemplateMeasure(): (template: Template) => TemplateSize {
  const known = new WeakMap<TemplatePart, TemplateSize>();
  const ofAll = (templates: readonly Template[], own: number): TemplateSize => {
    let size = { chars: own, depth: 0 };
    for (const template of templates) {
      for (const part of template) {
        const { chars, depth } = ofPart(part);
        size = { chars: size.chars + chars, depth: Math.max(size.depth, depth) };
      }
    }
    return size;
  };
  const ofPart = (part: TemplatePart): TemplateSize => {
    const measured = known.get(part);
    if (measured) return measured;
    const size = measure(part);
    known.set(part, size);
    return size;
  };
  const measure = (part: TemplatePart): TemplateSize => {
    switch (part.kind) {
      case 'text':
      case 'unsupported':
        return { chars: part.text.length, depth: 0 };
      case 'sealed':
        return { chars: PART_CHARS + part.value.length, depth: 0 };
      case 'reference':
        return ofAll([part.name], PART_CHARS);
      case 'handle':
        return ofAll([part.otherwise ?? []], PART_CHARS + part.names.join('').length);
      case 'captured':
        return { chars: PART_CHARS + part.name.length, depth: 0 };
      case 'derived': {
        const { chars, depth } = ofAll(part.inputs, PART_CHARS);
        return { chars, depth: depth + 1 };
      }
    }
  };
  return (template) => ofAll([template], 0);
}
