import { decodeId, decodeIdOf, encodeId, type IdType } from './ids.ts';

/**
 * Facts computed for a customer: totals in a currency, order rhythm, RFM scores, expected purchases, and for a
 * product, purchases and the next one to expect.
 */
export type CountedName = 'statistics' | 'rhythm' | 'rfm' | 'prediction' | 'ownership' | 'replenishment';

/** `detail` distinguishes facts with the same name: a currency code or the UUID of a product. */
export type CountedFact = { name: CountedName; customerId: string; detail: string | null };

export type RecordedFact = { name: 'record'; type: IdType; id: string };

const ofProduct = {
  write: (uuid: string) => encodeId('Product', uuid),
  read: (text: string) => decodeIdOf('Product', text),
};

// How a detail is written to an ID and read from it. A name without a detail has one fact per customer.
const details: Record<
  CountedName,
  { write: (detail: string) => string; read: (text: string) => string | null } | null
> = {
  statistics: { write: (code) => code, read: (text) => (/^[A-Z]{3}$/.test(text) ? text : null) },
  rhythm: null,
  rfm: null,
  prediction: null,
  ownership: ofProduct,
  replenishment: ofProduct,
};

/** Formats the ID of a computed fact, such as `fact_statistics_customer_01…_EUR`. */
export function countedId({ name, customerId, detail }: CountedFact): string {
  const written = detail === null ? null : details[name]?.write(detail);
  return ['fact', name, encodeId('Customer', customerId), ...(written ? [written] : [])].join('_');
}

/** Decodes the ID of a computed fact, or of a record that is a fact itself. Null if the text is neither. */
export function decodeFactId(id: string): CountedFact | RecordedFact | null {
  const [, name = '', customer = '', text] = /^fact_([a-z]+)_(customer_[0-9a-z]{26})(?:_(\w+))?$/.exec(id) ?? [];
  if (!Object.hasOwn(details, name)) {
    const record = decodeId(id);
    return record && { name: 'record', type: record.type, id: record.uuid };
  }
  const [counted, customerId] = [name as CountedName, decodeIdOf('Customer', customer)];
  const detail = text === undefined ? null : (details[counted]?.read(text) ?? null);
  const isWhole = details[counted] ? detail !== null : text === undefined;
  return customerId && isWhole ? { name: counted, customerId, detail } : null;
}
