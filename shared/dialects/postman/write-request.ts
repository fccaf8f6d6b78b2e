import type { Example, RequestSettings, RequestTemplate, Variable } from '../../collection/model.ts';
import type { JsonObject } from '../../collection/narrow.ts';
import { writeBody } from './write-body.ts';
import { type WriteText, writeField, writeVariable } from './write-fields.ts';
import { writeUrl } from './write-url.ts';

/** The item of a request without what a folder may state in its place: auth and scripts. */
export function writeItem(name: string, template: RequestTemplate, text: WriteText) {
  const { description, method, url, headers, body, settings, examples } = template;
  const variables = ownVariables(template);
  const written = writeBody(body, text);
  const behavior = writeSettings(settings);
  return {
    name,
    ...(variables.length > 0 && { variable: variables.map((variable) => writeVariable(variable, text)) }),
    ...(behavior && { protocolProfileBehavior: behavior }),
    request: {
      method,
      header: headers.map((field) => writeField(field, text)),
      ...(written && { body: written }),
      url: writeUrl(url, text),
      ...(description !== undefined && { description }),
    },
    response: examples.map((example) => writeExample(example, text)),
  };
}

/** All that a request sees of its own and its folders, as one list: the last of a name wins in it. */
export function ownVariables({ folderVariables }: RequestTemplate): Variable[] {
  return folderVariables.toReversed().flat();
}

function writeSettings(settings: RequestSettings): JsonObject | undefined {
  const { timeoutMs: _elsewhere, disabledSystemHeaders, ...behavior } = settings;
  const headers = disabledSystemHeaders && {
    disabledSystemHeaders: Object.fromEntries(disabledSystemHeaders.map((name) => [name, true])),
  };
  const all = { ...behavior, ...headers };
  return Object.keys(all).length > 0 ? all : undefined;
}

function writeExample({ name, status, headers, body }: Example, text: WriteText): JsonObject {
  return {
    name,
    ...(status !== undefined && { code: status }),
    header: headers.map((field) => writeField(field, text)),
    ...(body !== undefined && { body }),
  };
}
