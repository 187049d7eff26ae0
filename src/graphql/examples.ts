/** Queries that GraphiQL opens with, for the bundled sample workspace `retail`. */
export const exampleQueries = `# Put your API key under "Headers": { "authorization": "Bearer rapport_..." }

# Everything to know before you talk to a customer.
query CustomerContext {
  customerContext(by: { email: "sofia.hernandez3039@example.com" }, purpose: SUPPORT) {
    identity { displayName salutation register localTime }
    value { statistics { numberOfOrders amountSpent { amount currencyCode } } rfm { group } rhythm { isOverdue } }
    now { openCases { subject priority promise { text dueAt } } }
    history { orders(first: 2) { number status lines { title quantity } } interactions(first: 2) { direction body } }
    preferences { inForce { key value fact { kind confidence } } contact { isAllowedNow nextAllowedAt reason } }
    gestures { kind suppressedBy factIds }
    unknown
    withheld { what reason needs }
    omitted { what shown seeMore }
  }
}

# A customer and their latest orders.
query Customer {
  customer(by: { email: "sofia.hernandez3039@example.com" }) {
    displayName
    statistics { currencyCode numberOfOrders amountSpent { amount } lastOrderAt }
    orders(first: 2) {
      nodes { number status total { amount } lines { nodes { title quantity } } }
    }
  }
}

# Everything that happened with a customer, in one list.
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

# Customers who spent at least 15,000 USD.
query BigSpenders {
  customers(first: 5, where: { statistics: { currencyCode: "USD", amountSpent: { gte: "15000" } } }) {
    totalCount
    nodes { displayName statistics { numberOfOrders amountSpent { amount } } }
  }
}
`;
