import { type Attempt, type ClientOptions, createClient, RapportError } from '@rapport/sdk';
import type { MisbehavingServer } from './misbehaving.ts';

export const secret = 'rapport_0123456789ab_secret';
export const email = 'anna.secret@example.com';

/** A mutation with personal data. */
export const write = { input: { key: { email }, givenName: 'Anna' } };

/** Creates a client of a server that records its attempts. */
export function clientOf({ url }: MisbehavingServer, options: Partial<ClientOptions> = {}) {
  const attempts: Attempt[] = [];
  const client = createClient({ url, token: secret, onAttempt: (attempt) => attempts.push(attempt), ...options });
  return { client, attempts };
}

/** Returns the error of a failed request, which must be a `RapportError`. */
export async function failureOf(promise: Promise<unknown>): Promise<RapportError> {
  const failure = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof RapportError)) throw new Error(`Expected a RapportError, got: ${failure}`);
  return failure;
}
