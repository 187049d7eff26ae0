import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonical } from '../../lib/changes.ts';
import { ToolError } from '../ask.ts';

/** A call that a code confirms: the tool, and all arguments of the preview. */
export type Call = { tool: string; args: object };

/** State of the preview that a code confirms: its time, and the version of the object that it showed, if it has one. */
export type Previewed = { at: Date; version: number | null };

export type Confirmation = { code: string; expiresAt: string };

const lifetimeMs = 15 * 60_000;
const macBytes = 15;

/**
 * Issues and checks the codes that confirm writes. A code is signed, so that it needs no storage and only a preview can
 * produce it. It is valid for one call of one API key. The idempotency key of the call makes a repeat return the first
 * result, and codes expire long before idempotency keys do, so nothing is done twice.
 */
export class Confirmations {
  readonly #signingKey: () => Buffer;
  readonly #use: 'code' | 'person';

  /** Codes of one use are not accepted for another. Most calls are reads, which need no key. */
  constructor(signingKey: () => Buffer, use: 'code' | 'person') {
    this.#signingKey = signingKey;
    this.#use = use;
  }

  issue(call: Call, { at, version }: Previewed): Confirmation {
    const seconds = Math.floor(at.getTime() / 1_000);
    const state = `${seconds.toString(36)}.${version?.toString(36) ?? ''}`;
    const expiresAt = new Date(seconds * 1_000 + lifetimeMs).toISOString();
    return { code: `${state}.${this.#sign(call, state).toString('base64url')}`, expiresAt };
  }

  /** Returns the state of the preview. Throws INVALID_INPUT for a code of another call, and for one that has expired. */
  check(call: Call, code: string, now = new Date()): Previewed {
    const [, state, seconds, version, mac] = /^(([0-9a-z]{1,8})\.([0-9a-z]{0,7}))\.([\w-]{20})$/.exec(code) ?? [];
    const isSigned =
      state !== undefined && timingSafeEqual(this.#sign(call, state), Buffer.from(mac ?? '', 'base64url'));
    if (!isSigned)
      throw refused(
        'This code does not confirm this call. Send exactly the arguments of the preview, or call without ' +
          '`confirmation` for a new preview.',
      );
    const at = new Date(Number.parseInt(seconds ?? '', 36) * 1_000);
    if (now.getTime() - at.getTime() >= lifetimeMs)
      throw refused('This code has expired. Call without `confirmation` for a new preview.');
    return { at, version: version === '' ? null : Number.parseInt(version ?? '', 36) };
  }

  #sign({ tool, args }: Call, state: string): Buffer {
    const key = createHmac('sha256', this.#signingKey()).update(this.#use).digest();
    return createHmac('sha256', key)
      .update(canonical([tool, args, state]))
      .digest()
      .subarray(0, macBytes);
  }
}

function refused(message: string): ToolError {
  return new ToolError('INVALID_INPUT', message, { field: ['confirmation'] });
}
