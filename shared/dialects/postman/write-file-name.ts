const RESERVED = /[\\/:*?"<>|\p{Cc}]+/gu;
const MAX_CHARS = 100;

/** Names of files that are free of what file systems refuse; of names that differ only by case the later gets a number. */
export function createFileNames(): (name: string, ending: string) => string {
  const taken = new Set<string>();
  return (name, ending) => {
    const plain =
      [...name.replace(RESERVED, '-')]
        .slice(0, MAX_CHARS)
        .join('')
        .replace(/^[. ]+|[. ]+$/g, '') || 'unnamed';
    let file = plain + ending;
    for (let count = 2; taken.has(file.toLowerCase()); count += 1) file = `${plain}-${count}${ending}`;
    taken.add(file.toLowerCase());
    return file;
  };
}
