import type { UrlTemplate } from '../collection/model.ts';
import { encodeComponent } from '../request/percent-encode.ts';
import { templateText } from '../template/lex.ts';
import type { Template, TemplatePart } from '../template/template.ts';

/** The URL as one template: values of `:name` segments put in their place, disabled parameters left out. */
export function joinUrl({ address, query, fragment, pathVariables }: UrlTemplate): Template {
  const values = new Map(
    pathVariables.filter(({ enabled }) => enabled).map((field) => [templateText(field.name), field.value]),
  );
  const enabled = query.filter((field) => field.enabled);
  return [
    ...address.flatMap((part) => fillSegments(part, values)),
    ...enabled.flatMap(
      ({ name, value }, index): Template => [
        { kind: 'text', text: index === 0 ? '?' : '&' },
        ...encodeIn(name ?? [], /[&#=\s]/g),
        ...(value === null ? [] : [{ kind: 'text', text: '=' } as const, ...encodeIn(value, /[&#\s]/g)]),
      ],
    ),
    ...(fragment ? [{ kind: 'text', text: '#' } as const, ...encodeIn(fragment, /\s/g)] : []),
  ];
}

// As the planner fills them: never the host behind `://`, and a segment without a value stays.
const SEGMENT = /(?<!:\/)\/:([^/.?#]+)(?=[/.?#]|$)/g;

function fillSegments(part: TemplatePart, values: ReadonlyMap<string, Template>): Template {
  if (part.kind !== 'text') return [part];
  const filled: TemplatePart[] = [];
  let done = 0;
  for (const match of part.text.matchAll(SEGMENT)) {
    const value = values.get(match[1] ?? '') ?? [];
    if (value.length === 0) continue;
    filled.push({ kind: 'text', text: part.text.slice(done, match.index + 1) }, ...value);
    done = match.index + match[0].length;
  }
  return encodeIn([...filled, { kind: 'text', text: part.text.slice(done) }], /\s/g);
}

function encodeIn(template: Template, delimiters: RegExp): Template {
  return template.map((part) =>
    part.kind === 'text' ? { kind: 'text', text: part.text.replace(delimiters, encodeComponent) } : part,
  );
}
