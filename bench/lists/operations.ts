const sums = `nodes { displayName statistics { numberOfOrders amountSpent { amount } }
  orders(first: 3) { nodes { number placedAt total { amount currencyCode } } } }`;
const ofCustomer = (selection: string) =>
  `query ($email: String!) { customer(by: { email: $email }) { ${selection} } }`;

/** Frequent operations in a growing workspace, by title. `$after` is deep in the list of customers. */
export const reads: Record<string, string> = {
  'customers, 50 with statistics and last three orders': `{ customers(first: 50) { ${sums} } }`,
  'the same, deep in the list': `query ($after: String!) { customers(first: 50, after: $after) { ${sums} } }`,
  'the same, with totalCount': `{ customers(first: 50) { totalCount ${sums} } }`,
  'orders, 50': '{ orders(first: 50) { nodes { number placedAt total { amount } } } }',
  'purchase history, 20 with lines and products':
    ofCustomer(`orders(first: 20) { nodes { number placedAt total { amount }
    lines(first: 20) { nodes { title quantity product { category } } } } }`),
  'timeline, 20': ofCustomer(`timeline(first: 20) { nodes { kind occurredAt
    item { ... on Order { number } ... on Interaction { subject } } } }`),
  'lookup by email': ofCustomer('displayName locale timezone'),
};

/** One interaction, with the `input` of `interactionOf`. */
export const write = 'mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }';

/** Later than everything that `seed` writes. */
export const occurredAt = '2026-11-20T10:00:00.000Z';

export function interactionOf(email: string, n: number) {
  const subject = 'About my order';
  const body = `Hello, I should like to know when my parcel comes. ${n}`;
  return { customer: { email }, channel: 'EMAIL', direction: 'INBOUND', occurredAt, subject, body };
}
