import {
  all,
  type Condition,
  column,
  DateTimeFilter,
  enumFilter,
  operators,
  StringFilter,
  whereInput,
} from '../graphql/where.ts';
import { CustomerStatusEnum } from './enums.ts';
import { searchPatterns, seesContacts } from './search.ts';

// The same as `classOfText` finds.
const contactsForNames = [{ contains: '@' }, { startsWith: '+' }, { startsWith: '00' }].map((each) => ({
  displayName: each,
}));

/** Other domains add the conditions on what they own: purchases, preferences, consents. */
export const CustomerWhere = whereInput('CustomerWhere', {
  search: {
    type: 'String',
    description:
      'Every word is part of a name, e-mail address or phone number; case and diacritics are ignored, `%` and `_` are letters. ' +
      'A key without `pii:email` and `pii:phone` searches names only.',
    toCondition: (search: string, scopes: ReadonlySet<string>) =>
      all(searchPatterns(search, scopes).map((contains) => ({ searchText: { contains } }))),
  },
  displayName: {
    type: StringFilter,
    description: 'The name in lists; an e-mail address or phone number in place of one only for a key that may see it.',
    toCondition: (value: Condition, scopes: ReadonlySet<string>) => {
      const conditions = operators(value).map((each): Condition => ({ displayName: each }));
      return all(seesContacts(scopes) ? conditions : [...conditions, { NOT: { OR: contactsForNames } }]);
    },
  },
  country: column('country', StringFilter, 'ISO 3166-1 code of the country they live in.'),
  status: column('status', enumFilter('CustomerStatus', CustomerStatusEnum), 'ACTIVE, MERGED or ERASED.'),
  createdAt: column('createdAt', DateTimeFilter, 'When they were first written here.'),
  updatedAt: column('updatedAt', DateTimeFilter, 'When their record last changed.'),
  tag: {
    type: StringFilter,
    description: 'Have a tag that meets this.',
    toCondition: (value: Condition) => ({ tags: { some: all(operators(value).map((each) => ({ tag: each }))) } }),
  },
});
