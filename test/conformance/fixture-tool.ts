import { randomBytes } from 'node:crypto';
import {
  type CallToolResult,
  createRequestStateCodec,
  type InputRequiredResult,
  type ServerContext,
} from '@modelcontextprotocol/server';

export type Context = ServerContext;
export type FixtureTool = (context: Context) => Promise<CallToolResult | InputRequiredResult>;

/** Signs the state that a client sends back. */
export const requestState = createRequestStateCodec({ key: randomBytes(32) });

export function textResult(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}
