import {
  isJSONRPCErrorResponse,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  isSpecType,
  type JSONRPCMessage,
  type JSONRPCRequest,
  LATEST_PROTOCOL_VERSION,
  type MessageExtraInfo,
  type RequestId,
  type Server,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/server';
import { wrapTransport } from '../wrap-transport.ts';
import type { Questions } from './questions.ts';
import type { Declared } from './session-id.ts';

/** A session of a client that a server can ask. */
export type ClientSession = { id: string; declared: Declared; signingKey: Buffer };

/** Makes a server serve one request of a session. */
export function joinSession(server: Server, session: ClientSession, questions: Questions): void {
  wrapTransport(server, (transport) => new SessionTransport(transport, session, questions));
}

const handshakeId = 'handshake';

/**
 * Transport of one request of a session. It tells the server what the client declared at `initialize`, and connects the
 * questions of the server with the answers, which arrive in other requests.
 */
class SessionTransport implements Transport {
  onclose: Transport['onclose'];
  onerror: Transport['onerror'];
  onmessage: Transport['onmessage'];
  readonly #inner: Transport;
  readonly #session: ClientSession;
  readonly #questions: Questions;
  /** IDs of the answers, by those that the server gave to its requests. Each server counts from 0. */
  readonly #answerIds = new Map<RequestId, string>();
  #shakeHands: (() => void) | undefined;

  constructor(inner: Transport, session: ClientSession, questions: Questions) {
    this.#inner = inner;
    this.#session = session;
    this.#questions = questions;
  }

  async start(): Promise<void> {
    this.#inner.onmessage = (message, extra) => this.#receive(message, extra);
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onclose = () => {
      for (const id of this.#answerIds.values()) this.#questions.remove(id);
      this.onclose?.();
    };
    await this.#inner.start();
    await this.#repeatHandshake();
  }

  // The handshake of the client may have reached another process.
  #repeatHandshake(): Promise<void> {
    const params = {
      protocolVersion: LATEST_PROTOCOL_VERSION,
      capabilities: this.#session.declared,
      clientInfo: { name: 'session', version: '1' },
    };
    return new Promise((done) => {
      this.#shakeHands = done;
      this.onmessage?.({ jsonrpc: '2.0', id: handshakeId, method: 'initialize', params });
    });
  }

  #receive(message: JSONRPCMessage, extra: MessageExtraInfo | undefined): void {
    const { id: sessionId } = this.#session;
    if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message))
      this.#questions.answer(sessionId, message.id, message);
    else if (isSpecType.CancelledNotification(message)) this.#questions.cancelCall(sessionId, message.params.requestId);
    else this.onmessage?.(message, extra);
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (this.#shakeHands && 'id' in message && message.id === handshakeId) {
      this.#shakeHands();
      this.#shakeHands = undefined;
      return;
    }
    await this.#inner.send(this.#outgoing(message, options), options);
  }

  #outgoing(message: JSONRPCMessage, options: TransportSendOptions | undefined): JSONRPCMessage {
    if (isJSONRPCRequest(message)) return this.#ask(message, options);
    if (!isSpecType.CancelledNotification(message)) return message;
    return cancelled(this.#forget(message.params.requestId), message.params.reason);
  }

  #ask(request: JSONRPCRequest, options: TransportSendOptions | undefined): JSONRPCMessage {
    const { id: sessionId, signingKey } = this.#session;
    const callId = options?.relatedRequestId;
    const id = this.#questions.add({
      sessionId,
      signingKey,
      callId,
      settle: (answer) => {
        this.#answerIds.delete(request.id);
        if (!answer) this.#inner.send(cancelled(id, 'Nobody has answered.'), options).catch(this.onerror);
        const known = answer ?? { result: { action: 'cancel' } };
        this.onmessage?.({ ...known, jsonrpc: '2.0', id: request.id } as JSONRPCMessage);
      },
      cancelCall: () => {
        this.onmessage?.(cancelled(callId, 'The client has cancelled the call.'));
        // A cancelled call has no response, so its stream would stay open. The question is withdrawn first.
        setImmediate(() => this.close());
      },
    });
    this.#answerIds.set(request.id, id);
    // Reports of progress would arrive in other requests, too.
    const { progressToken: _, ...meta } = request.params?._meta ?? {};
    return { ...request, id, params: { ...request.params, _meta: meta } };
  }

  #forget(requestId: RequestId | undefined): string | undefined {
    const id = requestId === undefined ? undefined : this.#answerIds.get(requestId);
    if (id === undefined || requestId === undefined) return undefined;
    this.#answerIds.delete(requestId);
    this.#questions.remove(id);
    return id;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

function cancelled(requestId: RequestId | undefined, reason: string | undefined): JSONRPCMessage {
  return { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason } };
}
