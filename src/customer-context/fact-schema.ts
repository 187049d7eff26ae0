import { describedEnum } from '../graphql/enums.ts';
import {
  computed,
  float,
  id,
  ids,
  instant,
  nullable,
  object,
  type SqlField,
  type SqlFields,
  sqlType,
  value,
} from '../graphql/sql-types.ts';
import { encodeId, type IdType } from '../lib/ids.ts';
import { type CountedName, countedId } from './fact-id.ts';

export const FactKindEnum = describedEnum('FactKind', 'Basis of a fact, such as a stored record.', {
  STORED: 'Value stored in a record.',
  STATED: 'Statement by the customer.',
  OBSERVED: 'Observation of the customer’s actions.',
  INFERRED: 'Conclusion of a rule, which may be wrong.',
  COMPUTED: 'Value computed from stored records.',
});

export const provenance = 'Provenance of this data: its basis, sources, time and confidence.';
const idMeans = 'ID to pass to `Query.fact`. A stored fact has the ID of its record.';

/** Builds the fields of a fact. Kind, time and confidence are SQL. */
function fieldsOf(
  factId: SqlField,
  source: IdType,
  row: string,
  kind: string,
  at: string,
  confidence: string,
): SqlFields {
  return {
    id: factId,
    kind: value(FactKindEnum, kind, 'Basis of the fact, such as a stored record.'),
    sources: ids(source, `ARRAY[${row}]`, 'IDs of the records the fact is based on.'),
    at: nullable(instant(at, 'When the fact became true or was computed. Null if unknown.')),
    confidence: float(confidence, 'Confidence in the fact, from 0 to 1.'),
  };
}

const stored = "'STORED'::text";
const ofCustomer = fieldsOf(id('Customer', 'c."id"', idMeans), 'Customer', 'c."id"', stored, 'c."updatedAt"', '1');

const Fact = sqlType('Fact', 'Provenance of data in a customer context.', ofCustomer);

/** Fact from what a customer says or does. Its kind and confidence are SQL, and its ID is that of the record. */
export function learned(type: IdType, row: string, at: string, kind: string, confidence: string): SqlField {
  return object(Fact, provenance, fieldsOf(id(type, row, idMeans), type, row, kind, at, confidence));
}

/** Fact that is stored in a record. */
export function recorded(type: IdType, row: string, at: string): SqlField {
  return learned(type, row, at, stored, '1');
}

/** Fact computed from a customer's records. `detail` is SQL for the text that distinguishes facts of one name. */
export function counted(name: CountedName, detail?: string): SqlField {
  const factId = computed(
    { name: 'ID', ref: 'ID' },
    `json_build_array(c."id", ${detail ?? 'NULL'})`,
    (given) => {
      const [customerId, detail] = given as [string, string | null];
      return countedId({ name, customerId, detail });
    },
    idMeans,
  );
  return object(Fact, provenance, fieldsOf(factId, 'Customer', 'c."id"', "'COMPUTED'::text", 'c."at"', '1'));
}

/** Builds the same fields for a fact that is computed in JavaScript. */
export function countedNow(name: CountedName, customerId: string, at: Date) {
  return {
    __typename: 'Fact',
    id: countedId({ name, customerId, detail: null }),
    kind: 'COMPUTED',
    sources: [encodeId('Customer', customerId)],
    at: at.toISOString(),
    confidence: 1,
  };
}

/** The `Fact` type, for types whose values are built in JavaScript. */
export const FactType = Fact.ref;
