/** What GraphiQL opens with: questions to the bundled sample `retail`. */
export const exampleQueries = `# Put your key under "Headers": { "authorization": "Bearer rapport_..." }

# All that one should know before speaking to somebody.
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

# Who is this, and what did they buy last?
query Customer {
  customer(by: { email: "sofia.hernandez3039@example.com" }) {
    displayName
    statistics { currencyCode numberOfOrders amountSpent { amount } lastOrderAt }
    orders(first: 2) {
      nodes { number status total { amount } lines { nodes { title quantity } } }
    }
  }
}

# All that happened with them, in one list.
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

# Who bought a lot?
query BigSpenders {
  customers(first: 5, where: { statistics: { currencyCode: "USD", amountSpent: { gte: "15000" } } }) {
    totalCount
    nodes { displayName statistics { numberOfOrders amountSpent { amount } } }
  }
}
`;
