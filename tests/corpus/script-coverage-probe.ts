// A script that tells of each API whether the client that runs it has it: one test for each, which passes where it does.

/** `test` is what the client's tests are made with: `pm.test`. */
export function probeOf(apis: Iterable<string>, test: string): string {
  return [...apis].map((api) => `${test}(${JSON.stringify(api)}, () => { ${checkOf(api)} });`).join('\n');
}

function checkOf(api: string): string {
  const [, subject, word] = /^(.+) (\w+)$/.exec(api) ?? [];
  if (subject !== undefined && word !== undefined)
    return isIn(word, subject.endsWith('expect') ? `${subject}(0)` : subject);
  const [, target, part] = /^require\(([^)]*)\)(?:\.(\w+))?$/.exec(api) ?? [];
  if (target !== undefined) {
    const loaded = `require(${JSON.stringify(target)})`;
    return part === undefined ? `if (${loaded} === undefined) throw new Error('absent');` : isIn(part, loaded);
  }
  const at = api.lastIndexOf('.');
  if (at === -1) return `if (typeof ${api} === 'undefined') throw new Error('absent');`;
  return isIn(api.slice(at + 1), api.slice(0, at));
}

// `in` runs no getter: chai asserts in those.
function isIn(name: string, owner: string): string {
  return `if (!(${JSON.stringify(name)} in Object(${owner}))) throw new Error('absent');`;
}
