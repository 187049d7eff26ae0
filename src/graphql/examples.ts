/** What GraphiQL opens with. The addresses are of the bundled sample `retail`. */
export const exampleQueries = `# Add your key below under "Headers": { "Authorization": "Bearer rapport_..." }

query Customer {
  customer(by: { email: "noah.brown7922@example.com" }) {
    id
    displayName
  }
}
`;
