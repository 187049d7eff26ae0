import {
  DateTimeFilter,
  enumFilter,
  type Operators,
  StringFilter,
  someRow,
  valueFilter,
} from '../graphql/filters/filters.ts';
import { isNullable } from '../graphql/filters/nullability.ts';
import { always, and, not, or, valueMeets } from '../graphql/filters/predicate.ts';
import { column, type FilterContext, whereInput } from '../graphql/filters/where.ts';
import { atSigns, phoneStarts } from '../lib/pii.ts';
import { labelKey } from '../lib/text/fold.ts';
import { sortKey } from '../lib/text/sort-key.ts';
import { CustomerStatusEnum } from './enums.ts';
import { canReadContacts, searchPatterns } from './search/search.ts';

// Matches every name that `classOfText` treats as a contact point. The sort key starts with the folded name.
const isContact = or([
  ...atSigns.map((contains) => valueMeets('displayName', { contains }, false)),
  ...phoneStarts.map((startsWith) => valueMeets('sortName', { startsWith }, false)),
]);

/** Filters of customers. Other domains add filters on their data: purchases, preferences and consents. */
export const CustomerWhere = whereInput('Customer', {
  search: {
    type: 'String',
    description:
      'Words that must each be part of a name, email address or phone number. Case, diacritics, apostrophes, ' +
      'hyphens and the format of a phone number are ignored. `%` and `_` are matched literally. A key needs both ' +
      '`pii:email` and `pii:phone` to search more than names.',
    toPredicate: (search: string, { model, scopes }: FilterContext) =>
      and(
        searchPatterns(search, scopes).map((contains) =>
          valueMeets('searchText', { contains }, isNullable(model, 'searchText')),
        ),
      ),
  },
  displayName: {
    type: StringFilter,
    description:
      'Name shown in lists. A name that is an email address or phone number matches only for a key that can see it.',
    toPredicate: ({ isNull, ...operators }: Operators, { model, scopes }: FilterContext) => {
      const known = valueFilter(model, 'displayName', isNull === undefined ? {} : { isNull });
      const named = valueFilter(model, 'displayName', operators);
      // Adds the sort key, because it is the indexed column.
      const sorted =
        typeof operators.eq === 'string' ? valueMeets('sortName', { equals: sortKey(operators.eq) }, false) : always;
      const isShown = named === always || canReadContacts(scopes) ? always : not(isContact);
      return and([known, named, sorted, isShown]);
    },
  },
  country: column('country', StringFilter, 'ISO 3166-1 code of the country the customer lives in.'),
  status: column(
    'status',
    enumFilter('CustomerStatus', CustomerStatusEnum),
    'Lifecycle status of the record: `ACTIVE`, `MERGED` or `ERASED`.',
  ),
  createdAt: column('createdAt', DateTimeFilter, 'When the customer was created.'),
  updatedAt: column('updatedAt', DateTimeFilter, 'When the customer last changed.'),
  tag: {
    type: StringFilter,
    description:
      'Tag of the customer. Case and Unicode normalization are ignored. `NOT: { tag: {} }` finds customers without ' +
      'tags.',
    toPredicate: (tag: Operators) => someRow('tags', 'CustomerTag', { labelKey: withLabelKeys(tag) }),
  },
});

// Converts tags to the keys by which they are compared.
function withLabelKeys(value: Operators): Operators {
  const keyOf = (each: unknown): unknown =>
    typeof each === 'string' ? labelKey(each) : Array.isArray(each) ? each.map(keyOf) : each;
  return Object.fromEntries(Object.entries(value).map(([operator, operand]) => [operator, keyOf(operand)]));
}
