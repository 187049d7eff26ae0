import { encodeIdAt, type IdType } from '../../lib/ids.ts';
import { decimalsOf } from '../../lib/money.ts';
import type { ResponseBuffer } from '../../query/serialize/response-buffer.ts';
import type * as query from '../../query/serialize/serializer.ts';
import type { Context } from '../context.ts';

export type Serializer = query.Serializer<Context>;
export type Transform = query.Transform<Context>;

/** Serializes an instant in UTC with milliseconds. PostgreSQL writes `"2026-11-24T12:00:00.5+00:00"`. */
export const asInstant: query.Serializer<unknown> = (row, out) => {
  if (!row.next()) return out.put('null');
  const { text, start, end } = row;
  const seconds = start + 20;
  // An offset of six characters and the quotation mark follow the fraction.
  const places = text.charCodeAt(seconds) === point ? Math.min(end - 7 - seconds - 1, 3) : 0;
  out.put(text, start, seconds);
  out.put('.');
  out.put(text, seconds + 1, seconds + 1 + places);
  out.put('000Z"', places);
};

export function asId(type: IdType): query.Serializer<unknown> {
  return (row, out) => {
    if (!row.next()) return out.put('null');
    out.put('"');
    encodeIdAt(type, row.text, row.start + 1, out);
    out.put('"');
  };
}

/**
 * Serializes an amount and its currency from two columns. Formats the amount like `formatAmount`, with at least the
 * decimals of the currency and no further trailing zeros. Writes the key of each part before the part.
 */
export function asMoney(parts: { key: string; name: string }[]): query.Serializer<unknown> {
  return (row, out) => {
    const [isKnown, { text, start, end }] = [row.next(), row];
    const currencyCode = row.column();
    if (!isKnown) return out.put('null');
    const decimals = decimalsOf(currencyCode.slice(1, -1));
    out.put('{');
    for (const { key, name } of parts) {
      out.put(key);
      if (name === 'amount') putAmount(out, text, start, end, decimals);
      else out.put(name === 'currencyCode' ? currencyCode : '"Money"');
    }
    out.put('}');
  };
}

function putAmount(out: ResponseBuffer, text: string, start: number, end: number, decimals: number): void {
  let dot = start;
  while (dot < end && text.charCodeAt(dot) !== point) dot += 1;
  let last = end;
  while (last > dot + 1 + decimals && text.charCodeAt(last - 1) === zero) last -= 1;
  const places = Math.max(last - dot - 1, 0);
  out.put('"');
  out.put(text, start, places > 0 ? last : dot);
  if (places < decimals) {
    if (places === 0) out.put('.');
    for (let i = places; i < decimals; i++) out.put('0');
  }
  out.put('"');
}

const [zero, point] = [48, 46];
