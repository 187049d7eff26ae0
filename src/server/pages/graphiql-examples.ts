/** A tab of GraphiQL: operations, and the headers they are sent with. */
export type Example = { query: string; headers: string };

/** The operations that GraphiQL opens with, in a tab for each demo workspace that has a key; one tab if none has. */
export function exampleTabs(keys: { slug: string; secret: string }[]): Example[] {
  const tabs = keys.flatMap(({ slug, secret }) => {
    const query = examples[slug];
    return query ? [{ query, headers: headersOf(secret) }] : [];
  });
  return tabs.length > 0 ? tabs : [{ query: `${keyHint}${examples.retail}`, headers: headersOf('rapport_…') }];
}

const headersOf = (secret: string) => JSON.stringify({ authorization: `Bearer ${secret}` }, null, 2);

const keyHint = `# Put your API key under "Headers":
# { "authorization": "Bearer rapport_…" }

`;

/** Operations on the demo workspaces, by their slugs. */
export const examples: Record<string, string> = {
  retail: `# Everything to know before you reply to a customer.
query CustomerContext {
  customerContext(by: { email: "sofia.hernandez3039@example.com" }, purpose: SUPPORT) {
    identity { displayName salutation register localTime }
    value { statistics { numberOfOrders amountSpent { amount currencyCode } } rfm { group } rhythm { isOverdue } }
    now { openCases { subject priority promise { text dueAt } } }
    history {
      orders(first: 2) { number status lines { nodes { title quantity } } }
      interactions(first: 2) { direction body }
    }
    preferences { inForce { key value fact { kind confidence } } contact { isAllowedNow nextAllowedAt reason } }
    gestures { kind suppressedBy factIds }
    unknown
    withheld { what reason needs }
    omitted { what shown seeMore }
  }
}

# What did this customer buy last?
query Customer {
  customer(by: { email: "sofia.hernandez3039@example.com" }) {
    displayName
    statistics { currencyCode numberOfOrders amountSpent { amount } lastOrderAt }
    orders(first: 2) {
      nodes { number status total { amount } lines { nodes { title quantity } } }
    }
  }
}

# Orders, conversations and cases in one list.
query Timeline {
  customer(by: { email: "sofia.hernandez3039@example.com" }) {
    timeline(first: 10) {
      nodes {
        kind
        occurredAt
        item {
          ... on Order { number }
          ... on Interaction { direction body }
          ... on Case { subject caseStatus: status }
        }
      }
    }
  }
}

# Add a label. Run it again: the outcome is NOOP.
mutation TagCustomer {
  tagCustomer(input: { customer: { email: "sofia.hernandez3039@example.com" }, tag: "VIP" }) {
    outcome
    customer { displayName tags }
  }
}
`,
  giftshop: `# The customers who spent most with the gift shop.
query BestCustomers {
  customers(first: 5, where: { statistics: { currencyCode: "GBP", amountSpent: { gte: "5000" } } }) {
    totalCount
    nodes { displayName country statistics { numberOfOrders amountSpent { amount } } }
  }
}

# One of them, and what they buy most often.
query Customer {
  customer(by: { externalId: { source: "online-retail", value: "12748" } }) {
    displayName
    statistics { currencyCode numberOfOrders amountSpent { amount } lastOrderAt }
    purchasedProducts(first: 5) { nodes { product { title } timesBought lastBoughtAt } }
  }
}

# Record a preference that the customer stated.
mutation SetPreference {
  setPreference(input: {
    customer: { externalId: { source: "online-retail", value: "12748" } }
    key: "gift.wrapping", value: { boolean: true }, origin: STATED
  }) {
    outcome
    preference { key value status }
  }
}
`,
};
