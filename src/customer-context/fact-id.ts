import { decodeId, decodeIdOf, encodeId, type IdType } from '../lib/ids.ts';

/** What is counted of a customer: sums in a currency, their rhythm, their standing, what they have of a product. */
export type CountedName = 'statistics' | 'rhythm' | 'rfm' | 'ownership';

/** The detail says which of several: the code of a currency, or the UUID of a product. */
export type CountedFact = { name: CountedName; customerId: string; detail: string | null };

export type RecordedFact = { name: 'record'; type: IdType; id: string };

// How a detail is written in an id, and read; of a name without, there is one for each customer.
const details: Record<
  CountedName,
  { write: (detail: string) => string; read: (text: string) => string | null } | null
> = {
  statistics: { write: (code) => code, read: (text) => (/^[A-Z]{3}$/.test(text) ? text : null) },
  rhythm: null,
  rfm: null,
  ownership: {
    write: (uuid) => encodeId('Product', uuid),
    read: (text) => decodeIdOf('Product', text),
  },
};

/** `fact_statistics_customer_01…_EUR`. */
export function countedId({ name, customerId, detail }: CountedFact): string {
  const written = detail === null ? null : details[name]?.write(detail);
  return ['fact', name, encodeId('Customer', customerId), ...(written ? [written] : [])].join('_');
}

/** What a fact is about: what is counted, or a record by its own id. Null where the text is no id of either. */
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
