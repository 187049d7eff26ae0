import type { RapportErrorPart } from './error.ts';
import type { FetchResponse } from './platform.ts';

/** Whether the same request may succeed a moment later. A write is written once however often it is sent. */
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

/** How long to wait: as long as was said, else anything up to a bound that doubles each time. */
export function delayBefore(retry: number, { retryAfterMs }: RapportErrorPart): number {
  return retryAfterMs ?? Math.random() * Math.min(8_000, 125 * 2 ** retry);
}

/** What `Retry-After` says, in seconds or as a date by the clock of whoever answered. */
export function retryAfterOf({ headers }: FetchResponse): number | undefined {
  const said = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(said)) return Number(said) * 1_000;
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const ms = Date.parse(said) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/**
 * How many retries a client may still make: when all of its requests fail it stops adding to the load. `spend` takes one,
 * false where none is left, and every ten requests that succeed `earn` one back.
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
