import { timeOf } from '../graphql/context.ts';
import { asRecordFact, countedFact, Fact, provenance } from '../graphql/fields/fact-field.ts';
import { computed, type SqlField } from '../graphql/sql/sql-types.ts';
import type { CountedName } from '../lib/fact-id.ts';
import { membersOf } from '../query/compile/sql-field.ts';

/** Fact that the customer's record is. */
export const customerFact: SqlField = {
  type: Fact,
  description: provenance,
  isNullable: false,
  isList: false,
  compile: (place) => ({
    columns: [['c."id"'], ['c."updatedAt"']],
    write: asRecordFact('Customer', membersOf(place), true),
  }),
};

/** Fact computed from all of a customer's records. */
export function counted(name: CountedName): SqlField {
  return computed(
    Fact,
    'to_json(c."id")',
    (customerId, { context }) => countedFact(name, String(customerId), null, timeOf(context)),
    provenance,
  );
}
