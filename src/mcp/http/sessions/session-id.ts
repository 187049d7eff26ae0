import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ClientCapabilities } from '@modelcontextprotocol/server';

/** What a client declared at `initialize` that a server can request from it. */
export type Declared = Pick<ClientCapabilities, 'elicitation' | 'sampling'>;

/**
 * Issues the ID of a session. It contains what the client declared, and a signature by the API key, so that every
 * process of the server can check it without storage. It grants nothing: each request still needs the key.
 */
export function issueSessionId({ elicitation, sampling }: ClientCapabilities, key: Buffer): string {
  const declared: Declared = {
    ...(elicitation && { elicitation: { ...(elicitation.form && { form: {} }), ...(elicitation.url && { url: {} }) } }),
    ...(sampling && { sampling: {} }),
  };
  const text = Buffer.from(JSON.stringify(declared)).toString('base64url');
  const content = `${text}.${randomBytes(12).toString('base64url')}`;
  return `${content}.${sign(content, key).toString('base64url')}`;
}

/** Returns what the client of a session declared. Null unless the ID was issued for this API key. */
export function readSessionId(id: string, key: Buffer): Declared | null {
  const [, content, text, mac] = /^(([\w-]{1,200})\.[\w-]{16})\.([\w-]{43})$/.exec(id) ?? [];
  if (content === undefined || text === undefined || mac === undefined) return null;
  if (!timingSafeEqual(sign(content, key), Buffer.from(mac, 'base64url'))) return null;
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}

function sign(content: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`mcp session ${content}`).digest();
}
