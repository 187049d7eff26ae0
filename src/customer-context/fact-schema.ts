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

export const FactKindEnum = describedEnum('FactKind', 'How something is known.', {
  STORED: 'It is written in a record.',
  STATED: 'The customer said so.',
  OBSERVED: 'Seen in what they do.',
  INFERRED: 'Concluded by a rule, and may be wrong.',
  COMPUTED: 'Counted from records.',
});

const how = 'How this is known.';
const idMeans = 'Its id, which `fact` explains: of what is stored, the record’s own.';

/** Kind, instant and confidence are SQL. */
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
    kind: value(FactKindEnum, kind, 'How it is known.'),
    sources: ids(source, `ARRAY[${row}]`, 'The records it rests on.'),
    at: nullable(instant(at, 'When it came to be so, or was counted. Null: not known.')),
    confidence: float(confidence, 'How sure we are, 0 to 1.'),
  };
}

const stored = "'STORED'::text";
const ofCustomer = fieldsOf(id('Customer', 'c."id"', idMeans), 'Customer', 'c."id"', stored, 'c."updatedAt"', '1');

const Fact = sqlType('Fact', 'How something in a customer’s context is known.', ofCustomer);

/** Of what somebody says or does: how it is known and how surely, in SQL. Its id is the record’s. */
export function learned(type: IdType, row: string, at: string, kind: string, confidence: string): SqlField {
  return object(Fact, how, fieldsOf(id(type, row, idMeans), type, row, kind, at, confidence));
}

/** Of a record. */
export function recorded(type: IdType, row: string, at: string): SqlField {
  return learned(type, row, at, stored, '1');
}

/** Of what is counted from a customer’s records; `detail` is SQL for which one of several, as text. */
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
  return object(Fact, how, fieldsOf(factId, 'Customer', 'c."id"', "'COMPUTED'::text", 'c."at"', '1'));
}

/** The same of what is made in JavaScript. */
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

/** For types that are made in JavaScript. */
export const FactType = Fact.ref;
