import type { Server } from '@modelcontextprotocol/server';
import type { Ask } from '../ask.ts';
import type { Questions } from './sessions/questions.ts';

/** The authenticated sender of a request. */
export type Session = {
  ask: Ask;
  /** ID of the only customer that the connection serves. Null if it serves all. */
  customerId: string | null;
  /** Derives the secret that signs confirmations for this caller. */
  signingKey: () => Buffer;
  /** Returns the scopes of the key, once the database has confirmed it. */
  scopes: () => Promise<ReadonlySet<string>>;
};

export type McpOptions = {
  /** Hosts under which clients reach the server. Any other host is refused, so that no web page can rebind its name. */
  allowedHosts: readonly string[];
  /** Addresses of the server that have another scheme or port than the request shows, such as `https://crm.example`. */
  publicUrls: readonly string[];
  /** Origins whose pages may connect. */
  allowedOrigins: readonly string[];
  /** All scopes that a key can have. */
  scopes: readonly string[];
  maxBodyBytes: number;
  /** Authenticates a request. Null if it has no valid key. */
  authenticate: (headers: Headers, requestId: string) => Promise<Session | { problem: string }>;
  /** Questions that calls wait for. The owner closes them. */
  questions: Questions;
  report: (fault: unknown, requestId: string) => void;
  /** Creates the server of a session. Only tests replace it, by one with the tools of the conformance suite. */
  createMcpServer?: CreateMcpServer | undefined;
};

export type CreateMcpServer = (session: Session, report: (fault: unknown) => void) => Server;
