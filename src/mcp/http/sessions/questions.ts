import { randomUUID } from 'node:crypto';

type Id = string | number;

/** Answer of a client: a result or an error of JSON-RPC. */
export type Answer = { result: object } | { error: object };

/** A request to a client, and the call that waits for its answer. */
export type Question = {
  sessionId: string;
  /** Secret of the API key that called. */
  signingKey: Buffer;
  /** ID of the call in the session. */
  callId: Id | undefined;
  /** Takes the answer. Null if nobody answers. */
  settle: (answer: Answer | null) => void;
  /** Ends the call, because the client has cancelled it. */
  cancelCall: () => void;
};

const answerWithinMs = 5 * 60_000;
// A waiting call keeps its connection open.
const most = { ofKey: 50, inAll: 500 };

/**
 * Questions to people that calls of this process wait for. The state of a call stays in the process that asked, without
 * a connection to the database.
 */
export class Questions {
  readonly #open = new Map<string, { question: Question; timer: NodeJS.Timeout }>();
  #isClosed = false;

  /** Adds a question. Returns the ID of its answer, which nobody can guess. Throws if too many calls wait. */
  add(question: Question): string {
    const waiting = [...this.#open.values()];
    const ofKey = waiting.filter((each) => each.question.signingKey.equals(question.signingKey));
    if (ofKey.length >= most.ofKey || waiting.length >= most.inAll)
      throw new Error('Too many calls wait for a person. Nothing has changed. Try again later.');
    const id = randomUUID();
    const timer = setTimeout(() => this.#take(id)?.settle(null), this.#isClosed ? 0 : answerWithinMs).unref();
    this.#open.set(id, { question, timer });
    return id;
  }

  /** Whether a call of this session waits for the answer with this ID. */
  isOpen(sessionId: string, id: unknown): boolean {
    return typeof id === 'string' && this.#open.get(id)?.question.sessionId === sessionId;
  }

  answer(sessionId: string, id: unknown, answer: Answer): void {
    if (this.isOpen(sessionId, id)) this.#take(String(id))?.settle(answer);
  }

  remove(id: string): void {
    this.#take(id);
  }

  /** Ends the call of a session that waits for an answer, if its client cancels it. */
  cancelCall(sessionId: string, callId: Id | undefined): void {
    for (const { question } of this.#open.values())
      if (question.sessionId === sessionId && question.callId === callId) question.cancelCall();
  }

  /** Answers the questions of a session for nobody. */
  endSession(sessionId: string): void {
    for (const [id, { question }] of this.#open) if (question.sessionId === sessionId) this.#take(id)?.settle(null);
  }

  /** Answers all questions for nobody, also those that are still to come, so that the server can stop. */
  close(): void {
    this.#isClosed = true;
    for (const id of this.#open.keys()) this.#take(id)?.settle(null);
  }

  #take(id: string): Question | undefined {
    const open = this.#open.get(id);
    clearTimeout(open?.timer);
    this.#open.delete(id);
    return open?.question;
  }
}
