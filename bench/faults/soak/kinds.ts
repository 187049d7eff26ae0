import { type Answer, bearer, dataOf, type Sent, saidBy, send } from './http.ts';
import type { Foreign } from './prepare.ts';
import type { Read } from './reads.ts';
import type { Soak } from './setup.ts';
import type { Write } from './writes.ts';

/** Everything that hostile requests are built from. */
export type Target = { port: number; pid: number; databaseUrl: string; soak: Soak; foreign: Foreign[]; known: Read[] };

/** The outcome of a hostile request. It is wrong if its kind does not expect it. */
export type Outcome = { said: string; example?: string };

/** A kind of hostile traffic. `ask` takes one turn: one request, or a few that belong together. */
export type Kind = {
  name: string;
  expects: string[];
  ask: (n: number) => Promise<Outcome | Outcome[]>;
  /** Takes seconds, most of them waiting. At most one turn runs at a time. */
  isSlow?: boolean;
};

/** Writes of hostile requests that the server acknowledged, and IDs of those it refused. Checked at the end. */
export type Ledger = { acknowledged: Map<string, Write>; refused: Set<string> };

export type Ask = (n: number, sent: Sent) => Promise<Answer | null>;

/** Sends with one of the keys for hostile requests. */
export function asker({ port, soak }: Target): Ask {
  const { hostile } = soak.keys;
  return (n, { headers, ...sent }) =>
    send(port, { ...sent, headers: { ...bearer(hostile[n % hostile.length] ?? ''), ...headers } });
}

export function outcomeOf(answer: Answer | null): Outcome {
  return { said: saidBy(answer), example: answer?.text ?? '' };
}

/** The outcome of a request whose data is known. */
export function exactly(answer: Answer | null, expected: string | object): Outcome {
  const data = dataOf(answer);
  const wanted = typeof expected === 'string' ? expected : JSON.stringify(expected);
  if (data === null || data === wanted) return outcomeOf(answer);
  return { said: 'other data', example: `${data.slice(0, 200)} in place of ${wanted.slice(0, 200)}` };
}

export const operation = (query: string, variables: object = {}, more: object = {}): Sent => ({
  body: JSON.stringify({ query, variables, ...more }),
});
