import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bruno } from '../../shared/dialects/bruno/bruno.ts';
import { brunoWriter } from '../../shared/dialects/bruno/write.ts';
import type { Dialect } from '../../shared/dialects/dialect.ts';
import { opencollection } from '../../shared/dialects/opencollection/opencollection.ts';
import { postman } from '../../shared/dialects/postman/postman.ts';
import { isReadByBruno, meanings, readAll, rereadAsBruno, writableOf } from './bruno-rewrite.ts';
import { inputsOf } from './inputs.ts';

const here = import.meta.dirname;
const dialects: readonly Dialect[] = [bruno, postman, opencollection];

for (const dialect of dialects) {
  describe(`the goldens of ${dialect.name}, written as Bruno`, () => {
    for (const each of readdirSync(join(here, dialect.name))) {
      const sources = writableOf(readAll(dialect, inputsOf(join(here, dialect.name, each))));
      if (sources.length === 0) continue;

      it(`${each}: parses with Bruno's own parser and holds no secret`, () => {
        for (const source of sources) {
          const { files, losses } = brunoWriter.write(source);
          for (const file of files) expect([file.path, isReadByBruno(file)]).toEqual([file.path, true]);
          expect(JSON.stringify({ files, losses })).not.toContain('SECRET-');
        }
      });

      it(`${each}: reads as what it was written from`, () => {
        for (const source of sources) {
          const written = brunoWriter.write(source);
          const again = rereadAsBruno(written);
          const lossy = new Set(written.losses.map(({ request }) => request));
          expect(meanings(again, lossy)).toEqual(meanings(source, lossy));
        }
      });

      it(`${each}: is the same bytes when what was written is read and written again`, () => {
        for (const source of sources) {
          const written = brunoWriter.write(source);
          expect(brunoWriter.write(rereadAsBruno(written)).files).toEqual(written.files);
        }
      });
    }
  });
}
