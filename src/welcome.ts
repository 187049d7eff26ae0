import type { LoadedSample } from './sample.ts';

/** What the first start says: the keys, and a request to paste into a terminal. */
export function welcome(url: string, sample: LoadedSample): string {
  const [first] = sample;
  if (!first) return 'Make a key with: npm run -s rapport -- keys create --workspace SLUG --name NAME';
  const query =
    '{ customer(by: { email: "noah.brown7922@example.com" }) { displayName orders(first: 1) ' +
    '{ nodes { number placedAt total { amount currencyCode } lines { nodes { title unitPrice { amount } } } } } } }';
  const keys = sample.map(({ slug, secret }) => `  ${slug.padEnd(8)}  ${secret}`);
  return [
    '',
    'Keys that read the demo workspaces; they are shown this once:',
    ...keys,
    '',
    'Who is Noah, and what did he buy last?',
    `  curl -s ${url} -H 'authorization: Bearer ${first.secret}' -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`,
    '',
    `GraphiQL with examples: ${url}`,
    '',
  ].join('\n');
}
