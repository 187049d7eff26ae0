import { DateTimeFilter, enumFilter, type Operators, StringFilter, someRow, valueFilter } from '../graphql/filters.ts';
import { isNullable } from '../graphql/nullability.ts';
import { always, and, not, or, valueMeets } from '../graphql/predicate.ts';
import { type At, column, whereInput } from '../graphql/where.ts';
import { labelKey } from '../lib/fold.ts';
import { atSigns, phoneStarts } from '../lib/pii.ts';
import { sortKey } from '../lib/sort-key.ts';
import { CustomerStatusEnum } from './enums.ts';
import { searchPatterns, seesContacts } from './search.ts';

// Every name that `classOfText` takes for a contact. The sort key starts with the folded name.
const isContact = or([
  ...atSigns.map((contains) => valueMeets('displayName', { contains }, false)),
  ...phoneStarts.map((startsWith) => valueMeets('sortName', { startsWith }, false)),
]);

/** Other domains add the conditions on what they own: purchases, preferences, consents. */
export const CustomerWhere = whereInput('Customer', {
  search: {
    type: 'String',
    description:
      'Every word is part of a name, email address or phone number. Case, diacritics, apostrophes and hyphens do not matter, nor does ' +
      'the way a phone number is written. `%` and `_` are letters. A key without `pii:email` and `pii:phone` searches names only.',
    toPredicate: (search: string, { model, scopes }: At) =>
      and(
        searchPatterns(search, scopes).map((contains) =>
          valueMeets('searchText', { contains }, isNullable(model, 'searchText')),
        ),
      ),
  },
  displayName: {
    type: StringFilter,
    description: 'The name in lists; an e-mail address or phone number in place of one only for a key that may see it.',
    toPredicate: ({ isNull, ...operators }: Operators, { model, scopes }: At) => {
      const known = valueFilter(model, 'displayName', isNull === undefined ? {} : { isNull });
      const named = valueFilter(model, 'displayName', operators);
      // The index is on the sort key.
      const sorted =
        typeof operators.eq === 'string' ? valueMeets('sortName', { equals: sortKey(operators.eq) }, false) : always;
      const isShown = named === always || seesContacts(scopes) ? always : not(isContact);
      return and([known, named, sorted, isShown]);
    },
  },
  country: column('country', StringFilter, 'ISO 3166-1 code of the country they live in.'),
  status: column('status', enumFilter('CustomerStatus', CustomerStatusEnum), 'ACTIVE, MERGED or ERASED.'),
  createdAt: column('createdAt', DateTimeFilter, 'When they were first written here.'),
  updatedAt: column('updatedAt', DateTimeFilter, 'When their record last changed.'),
  tag: {
    type: StringFilter,
    description:
      'Has a tag that meets this. Case and Unicode normalization do not matter. `NOT: { tag: {} }` finds those without tags.',
    toPredicate: (tag: Operators) => someRow('tags', 'CustomerTag', { labelKey: withLabelKeys(tag) }),
  },
});

// A tag as it is compared.
function withLabelKeys(value: Operators): Operators {
  const keyOf = (each: unknown): unknown =>
    typeof each === 'string' ? labelKey(each) : Array.isArray(each) ? each.map(keyOf) : each;
  return Object.fromEntries(Object.entries(value).map(([operator, operand]) => [operator, keyOf(operand)]));
}
