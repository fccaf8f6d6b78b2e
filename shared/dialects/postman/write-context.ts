import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import type { Loss } from '../writer.ts';

/** What a collection's writing collects on the way: losses, each once. */
export interface WriteContext {
  readonly losses: Loss[];
  /** A template as text of the format; what is computed in a way that Postman has not is a loss of this request. */
  text(template: Template, request?: string): string;
  lose(what: string, request?: string): void;
}

const NOT_COMPUTED = 'A value that is computed in a way that Postman has not is written as it stands.';

export function createWriteContext(): WriteContext {
  const losses: Loss[] = [];
  const seen = new Set<string>();
  const lose = (what: string, request?: string): void => {
    const key = `${request ?? ''}\n${what}`;
    if (seen.has(key)) return;
    seen.add(key);
    losses.push({ ...(request !== undefined && { request }), what });
  };
  return {
    losses,
    lose,
    text(template, request) {
      if (holdsUnsupported(template)) lose(NOT_COMPUTED, request);
      return templateText(template);
    },
  };
}

function holdsUnsupported(template: Template): boolean {
  return template.some((part) => {
    if (part.kind === 'reference') return holdsUnsupported(part.name);
    return part.kind === 'unsupported';
  });
}
