import { type CountedName, countedId } from '../../lib/fact-id.ts';
import { encodeId, type IdType } from '../../lib/ids.ts';
import { propertyOfTables, type TableWith } from '../../lib/tables.ts';
import type { ColumnsField, SelectedField } from '../../query/query-field.ts';
import { passthrough, type Serializer } from '../../query/serialize/serializer.ts';
import { builder } from '../builder.ts';
import { valueObject } from '../cost/points.ts';
import { describedEnum } from '../enums/described-enum.ts';
import { asId, asInstant } from '../sql/serializers.ts';

export const FactKindEnum = describedEnum('FactKind', 'Basis of a fact, such as a stored record.', {
  STORED: 'Value stored in a record.',
  STATED: 'Statement by the customer.',
  OBSERVED: 'Observation of the customer’s actions.',
  INFERRED: 'Conclusion of a rule, which may be wrong.',
  COMPUTED: 'Value computed from stored records.',
});

type FactValue = {
  id: string;
  kind: 'STORED' | 'STATED' | 'OBSERVED' | 'INFERRED' | 'COMPUTED';
  sources: string[];
  at: Date | null;
  confidence: number;
};

export const Fact = builder.objectRef<FactValue>('Fact').implement({
  extensions: valueObject,
  description: 'Provenance of data in a customer context.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'ID to pass to `Query.fact`. A stored fact has the ID of its record.' }),
    kind: t.expose('kind', { type: FactKindEnum, description: 'Basis of the fact, such as a stored record.' }),
    sources: t.exposeIDList('sources', { description: 'IDs of the records the fact is based on.' }),
    at: t.expose('at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the fact became true or was computed. Null if unknown.',
    }),
    confidence: t.exposeFloat('confidence', { description: 'Confidence in the fact, from 0 to 1.' }),
  }),
});

export const provenance = 'Provenance of this data: its basis, sources, time and confidence.';

type Row = { id: string; origin?: FactValue['kind']; confidence?: { toNumber(): number } } & Record<string, unknown>;

const times = propertyOfTables('time');
const facts = propertyOfTables('fact');

/** Returns the options of a field with the fact that a record is. What a customer says or does has a kind of its own. */
export function recordFact(type: TableWith<'time'> & TableWith<'fact'> & IdType) {
  const time = times[type];
  const columns = ['id', time, ...(facts[type].hasOrigin ? ['origin', 'confidence'] : [])];
  const query: ColumnsField = {
    kind: 'columns',
    columns,
    write: (members) => asRecordFact(type, members, columns.length === 2),
  };
  const resolve = (row: object): FactValue => {
    const { id, origin = 'STORED', confidence, [time]: at } = row as Row;
    const factId = encodeId(type, id);
    return { id: factId, kind: origin, sources: [factId], at: at as Date, confidence: confidence?.toNumber() ?? 1 };
  };
  return {
    type: Fact,
    description: provenance,
    // The names of columns are strings, which the types of Prisma cannot check.
    select: Object.fromEntries(columns.map((column) => [column, true])) as Record<never, true>,
    resolve,
    extensions: { query },
  };
}

/**
 * Returns the serializer of the fact that a record of this type is. Its columns are the ID of the record and the time
 * since which it is true and, unless the fact is simply stored, its kind and confidence.
 */
export function asRecordFact(type: IdType, members: SelectedField[], isStored: boolean): Serializer<unknown> {
  const id = asId(type);
  const columns: Record<string, { column: number; write: Serializer<unknown> }> = {
    id: { column: 0, write: id },
    at: { column: 1, write: asInstant },
    sources: {
      column: 0,
      write: (row, out, state) => {
        out.put('[');
        id(row, out, state);
        out.put(']');
      },
    },
    kind: { column: 2, write: isStored ? (_row, out) => out.put('"STORED"') : passthrough },
    confidence: { column: 3, write: isStored ? (_row, out) => out.put('1') : asNumber },
    __typename: { column: 0, write: (_row, out) => out.put('"Fact"') },
  };
  const parts = members.flatMap(({ key, name }, i) => {
    const part = columns[name];
    return part ? [{ start: `${i > 0 ? ',' : ''}"${key}":`, ...part }] : [];
  });
  return (row, out, state) => {
    const ends = [row.end];
    for (let i = isStored ? 2 : 4; i > 0; i--) {
      row.next();
      ends.push(row.end);
    }
    const last = row.end;
    out.put('{');
    for (const { start, column, write } of parts) {
      out.put(start);
      row.end = ends[column] ?? last;
      write(row, out, state);
    }
    out.put('}');
    row.end = last;
  };
}

// PostgreSQL writes a decimal with all its places, such as `0.80`.
const asNumber: Serializer<unknown> = (row, out) => out.put(String(Number(row.column())));

/** Returns the fact that is computed from a customer's records at a time. */
export function countedFact(name: CountedName, customerId: string, detail: string | null, at: Date): FactValue {
  const id = countedId({ name, customerId, detail });
  return { id, kind: 'COMPUTED', sources: [encodeId('Customer', customerId)], at, confidence: 1 };
}
