import type { RapportErrorPart } from './error.ts';
import type { FetchResponse } from './platform.ts';

/** Returns whether the same request may succeed a moment later. Retrying a write is safe: it is written only once. */
export function isTemporary({
  code,
  status,
  retryAfterMs,
}: RapportErrorPart & { status?: number | undefined }): boolean {
  return (
    /NETWORK|RATE_LIMITED|UNAVAILABLE|408|425|429|50[234]/.test(`${code}${status}`) ||
    (code === 'CONFLICT' && retryAfterMs !== undefined)
  );
}

/**
 * Returns the delay in milliseconds: the one the API requested, otherwise a random delay below a limit that doubles
 * each time.
 */
export function delayBefore(retry: number, { retryAfterMs }: RapportErrorPart): number {
  return retryAfterMs ?? Math.random() * Math.min(8_000, 125 * 2 ** retry);
}

/** Parses `Retry-After`: seconds, or a date according to the server's clock. */
export function retryAfterOf({ headers }: FetchResponse): number | undefined {
  const said = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(said)) return Number(said) * 1_000;
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const ms = Date.parse(said) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/**
 * Creates a budget for the retries of a client, so that it stops adding load if all requests fail. `spend` takes one
 * retry and returns false if none is left. Ten successful requests `earn` one back.
 */
export function retryBudget(): [spend: () => boolean, earn: () => void] {
  let left = 10;
  return [
    () => left >= 1 && !!left--,
    () => {
      left = Math.min(10, left + 0.1);
    },
  ];
}
