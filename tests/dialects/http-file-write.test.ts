import { describe, expect, it } from 'vitest';
import { httpFile } from '../../shared/dialects/http-file/http-file.ts';
import { httpWriter } from '../../shared/dialects/http-file/write.ts';
import type { WritableRequest } from '../../shared/dialects/writer.ts';
import { goldenSources, isWritten, readBack, sentText, writeAgain } from './write-round-trip.ts';

const sources = (await goldenSources(['http-file', 'curl', 'har', 'postman'])).filter(isWritten);

describe('the http writer', () => {
  it.each(sources)('writes $from so that reading and writing it again changes nothing', ({ writable }) => {
    const [first, second] = writeAgain(httpWriter, httpFile, writable);
    expect(second.files).toEqual(first.files);
  });

  it.each(sources.filter(({ from }) => from.startsWith('http-file/')))(
    'loses nothing that $from sends',
    ({ writable }) => {
      const written = httpWriter.write(writable);
      const again = readBack(httpFile, written);
      const withoutBody = new Set(
        written.losses.filter(({ what }) => /body/i.test(what)).map(({ request }) => request),
      );
      const isWhole = ({ entry }: WritableRequest) => !withoutBody.has(entry.name);
      const executed = writable.requests.filter(({ entry }) => entry.notExecutable === undefined);
      expect(again.requests.map(({ entry }) => entry.name)).toEqual(executed.map(({ entry }) => entry.name));
      expect(again.requests.filter(isWhole).map(({ template }) => sentText(template))).toEqual(
        executed.filter(isWhole).map(({ template }) => sentText(template)),
      );
      expect(again.variables.map(({ name }) => name)).toEqual(writable.variables.map(({ name }) => name));
      expect(
        again.environments.map(({ name, variables }) => [name, variables.map((variable) => variable.name)]),
      ).toEqual(writable.environments.map(({ name, variables }) => [name, variables.map((variable) => variable.name)]));
    },
  );
});
