import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { Presented } from '../tools/present.ts';

/** The structure of an answer; a failure is thrown as a protocol error with the product's own report as its data. */
export function structuredOf({ isError, structured, text }: Presented): Readonly<Record<string, unknown>> {
  if (!isError && structured !== undefined) return structured;
  const report = JSON.parse(text) as { readonly code: string; readonly message: string };
  const isCallers = /^(?:INPUT|REQUEST)\//.test(report.code);
  const code = isCallers ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  throw new ProtocolError(code, report.message, report);
}
