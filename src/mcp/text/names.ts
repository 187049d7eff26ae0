import { neutralize } from './neutralize.ts';

/** A name or title on one line, cut after 60 characters. */
export function nameOf(text: string | null | undefined): string {
  return neutralize(text ?? '', 60).value;
}

/** A code that an agent may send back, such as a SKU or a preference key: unchanged if it is one plain word. */
export function codeOf(code: string): string {
  return /^[\p{L}\p{N}#._/-]{1,60}$/u.test(code) ? code : nameOf(code);
}

/** Shows an instant by its minute, in UTC. */
export function minuteOf(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)}Z`;
}

export function dayOf(instant: string | null): string {
  return instant?.slice(0, 10) ?? '?';
}

export type Money = { amount: string; currencyCode: string };

export function amountOf({ amount, currencyCode }: Money): string {
  return `${amount} ${currencyCode}`;
}
