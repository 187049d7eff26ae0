import { customersPage } from './compared/customers.ts';
import { noVariables, type Read } from './read.ts';

/** The page of `customers` in the middle of the list, and with the number of all customers. */
export const longLists: Read[] = [
  {
    name: 'customersDeep',
    statements: 1,
    rapport: {
      text: `query ($after: String!) { customers(first: 50, after: $after) { ${customersPage} } }`,
      variables: ({ deepCursor }) => ({ after: deepCursor }),
    },
  },
  {
    name: 'customersTotal',
    statements: 2,
    rapport: { text: `{ customers(first: 50) { totalCount ${customersPage} } }`, variables: noVariables },
  },
];
