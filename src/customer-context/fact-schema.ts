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

const FactKind = describedEnum('FactKind', 'How something is known.', {
  STORED: 'It is written in a record.',
  STATED: 'The customer said so.',
  OBSERVED: 'Seen in what they do.',
  INFERRED: 'Concluded by a rule, and may be wrong.',
  COMPUTED: 'Counted from records.',
});

const idMeans = 'Its id: of what is stored, the record’s own.';

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
    kind: value(FactKind, kind, 'How it is known.'),
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
  return object(Fact, 'How this is known.', fieldsOf(id(type, row, idMeans), type, row, kind, at, confidence));
}

/** Of a record. */
export function recorded(type: IdType, row: string, at: string): SqlField {
  return learned(type, row, at, stored, '1');
}

/** Of what is counted now from a customer’s records. */
export function counted(name: string): SqlField {
  const factId = computed(
    { name: 'ID', ref: 'ID' },
    'c."id"',
    (uuid) => `fact_${name}_${encodeId('Customer', String(uuid))}`,
    idMeans,
  );
  return object(Fact, 'How this is known.', fieldsOf(factId, 'Customer', 'c."id"', "'COMPUTED'::text", 'c."at"', '1'));
}
