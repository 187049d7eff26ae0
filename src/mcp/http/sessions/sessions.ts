import {
  type InitializeRequest,
  isInitializeRequest,
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  isLegacyRequest,
} from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import type { Session } from '../mcp-options.ts';
import { refusal } from '../refusal.ts';
import type { Questions } from './questions.ts';
import { issueSessionId, readSessionId } from './session-id.ts';
import type { ClientSession } from './session-transport.ts';

const header = 'mcp-session-id';
const problems = {
  session: 'This session does not exist, or has ended. Send `initialize` without a session.',
  answer:
    'No call waits for this answer. It came too late, or the call waits in another process of the server. Route the ' +
    'requests of a session to the same process.',
};

/**
 * Sessions of the clients that can ask their users, in revisions before 2026-07-28. There a server asks with a request
 * of its own, so it must know from `initialize` that the client answers. All other clients have no session.
 */
export class Sessions {
  readonly #questions: Questions;
  readonly #maxBodyBytes: number;
  // IDs need no storage, so this process remembers only those that have ended.
  readonly #ended = new LRUCache<string, true>({ max: 5_000 });

  constructor(questions: Questions, maxBodyBytes: number) {
    this.#questions = questions;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** Answers a request. `serve` lets the protocol answer it, in a session or without one. */
  async answer(
    request: Request,
    message: unknown,
    { signingKey }: Session,
    serve: (session: ClientSession | null) => Promise<Response>,
  ): Promise<Response> {
    const id = request.headers.get(header);
    if (id !== null && (await isLegacyRequest(request, message, { maxRequestBodySize: this.#maxBodyBytes }))) {
      const key = signingKey();
      const declared = this.#ended.has(id) ? null : readSessionId(id, key);
      // The code by which clients know that a session has ended.
      if (!declared) return refusal(404, problems.session, { code: -32_001 });
      if (request.method === 'DELETE') return this.#end(id);
      if (isAnswer(message) && !this.#questions.isOpen(id, message.id)) return refusal(400, problems.answer);
      return serve({ id, declared, signingKey: key });
    }
    const response = await serve(null);
    if (isInitialize(message) && message.params.capabilities.elicitation)
      response.headers.set(header, issueSessionId(message.params.capabilities, signingKey()));
    return response;
  }

  #end(id: string): Response {
    this.#ended.set(id, true);
    this.#questions.endSession(id);
    return new Response(null, { status: 204 });
  }
}

// Most messages fail the check of the SDK, and a failed check leaves garbage in the old generation (decision 0011).
function isInitialize(message: unknown): message is InitializeRequest {
  return Object(message).method === 'initialize' && isInitializeRequest(message);
}

function isAnswer(message: unknown): message is { id?: unknown } {
  return isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message);
}
