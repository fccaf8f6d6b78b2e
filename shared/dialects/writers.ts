import type { ExportFormat, Writer } from './writer.ts';

/** Every format that can be written, loaded when it is asked for. */
export const writers: Readonly<Record<ExportFormat, () => Promise<Writer>>> = {
  postman: async () => (await import('./postman/write.ts')).postmanWriter,
  opencollection: async () => (await import('./opencollection/write.ts')).opencollectionWriter,
  bruno: async () => (await import('./bruno/write.ts')).brunoWriter,
  insomnia: async () => (await import('./insomnia/write.ts')).insomniaWriter,
  curl: async () => (await import('./curl/write.ts')).curlWriter,
  http: async () => (await import('./http-file/write.ts')).httpWriter,
};
