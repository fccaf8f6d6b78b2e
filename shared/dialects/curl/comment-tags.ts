// What the comment above a command may say of it: `@name`, `@folder` once for each level, `@collection`; the rest describes it.

export interface Tags {
  readonly name?: string;
  readonly collection?: string;
  readonly folders: readonly string[];
  readonly description: string;
}

const TAG = /^@(name|folder|collection)(?: (.*))?$/;

export function readTags(comments: readonly string[]): Tags {
  const folders: string[] = [];
  const prose: string[] = [];
  let name: string | undefined;
  let collection: string | undefined;
  for (const line of comments) {
    const [, tag, value = ''] = TAG.exec(line) ?? [];
    if (tag === 'name') name = value;
    else if (tag === 'collection') collection = value;
    else if (tag === 'folder') folders.push(value);
    else prose.push(line);
  }
  return {
    folders,
    description: prose.join('\n').trim(),
    ...(name !== undefined && { name }),
    ...(collection !== undefined && { collection }),
  };
}
