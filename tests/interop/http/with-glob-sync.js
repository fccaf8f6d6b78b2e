// The conformance suite imports `fs.globSync`, which Node has from version 22 on, for a command that is not run here.
import fs from 'node:fs';
import { register } from 'node:module';

const SOURCE = 'export * from "node:fs"; export const globSync = undefined;';

const HOOKS = `export async function resolve(specifier, context, next) {
  if (specifier !== 'fs' || !context.parentURL?.includes('/@modelcontextprotocol/conformance/')) return next(specifier, context);
  return { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(SOURCE)}`)}, shortCircuit: true };
}`;

if (!('globSync' in fs)) register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
