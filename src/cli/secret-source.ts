// --from: a secret whose value stays where it is. The operator's shell names the place; nothing that an agent says gets here.
import { resolve } from 'node:path';
import { Option } from 'commander';

/** The option of the commands that store a secret; the vault judges its value, which it does not repeat. */
export function fromOption(): Option {
  return new Option(
    '--from <source>',
    'take the value from elsewhere at each use: env:VARIABLE, dotenv:FILE#KEY, vault:PROVIDER/PATH#FIELD or exec:PROVIDER/REFERENCE',
  )
    .argParser((text: string) => placeSource(text, process.cwd()))
    .conflicts('stdin');
}

/** The name of a .env file counts from the folder given. */
export function placeSource(text: string, folder: string): string {
  const [, file, key] = /^dotenv:(.*)#([^#]*)$/s.exec(text) ?? [];
  return file ? `dotenv:${resolve(folder, file)}#${key}` : text;
}
