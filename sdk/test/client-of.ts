import { type Attempt, type ClientOptions, createClient, RapportError } from '@rapport/sdk';
import type { MisbehavingServer } from './misbehaving.ts';

export const secret = 'rapport_0123456789ab_secret';
export const email = 'anna.secret@example.com';

/** A write with something personal in it. */
export const write = { input: { key: { email }, givenName: 'Anna' } };

/** A client of a server, and what it tells of its tries. */
export function clientOf({ url }: MisbehavingServer, options: Partial<ClientOptions> = {}) {
  const attempts: Attempt[] = [];
  const client = createClient({ url, token: secret, onAttempt: (attempt) => attempts.push(attempt), ...options });
  return { client, attempts };
}

/** Why a request failed, which must be one of the client's own errors. */
export async function failureOf(promise: Promise<unknown>): Promise<RapportError> {
  const failure = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof RapportError)) throw new Error(`That is no RapportError: ${failure}`);
  return failure;
}
