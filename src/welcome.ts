import { commandLine } from './command-line.ts';
import type { Config } from './config.ts';
import type { LoadedSample } from './sample.ts';

/** What the first start prints: the keys of the demo workspaces, and a request to paste into a terminal. */
export function welcome(url: string, sample: LoadedSample): string {
  const keys = sample.map(({ slug, secret }) => `  ${slug.padEnd(8)}  ${secret}`);
  const retail = sample.find(({ slug }) => slug === 'retail');
  return [
    '',
    'Keys that read the demo workspaces; they are shown this once:',
    ...keys,
    '',
    ...(retail ? question(url, retail.secret) : []),
    `GraphiQL with examples: ${url}`,
    '',
  ].join('\n');
}

function question(url: string, secret: string): string[] {
  const query =
    '{ customer(by: { email: "noah.brown7922@example.com" }) { displayName orders(first: 1) ' +
    '{ nodes { number placedAt total { amount currencyCode } lines { nodes { title unitPrice { amount } } } } } } }';
  return [
    'Who is Noah, and what did he buy last?',
    `  curl -s ${url} -H 'authorization: Bearer ${secret}' -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`,
    '',
  ];
}

/** What later starts print: how to make a key, for a workspace that exists. */
export function keyHint(config: Config, slug: string | undefined): string {
  const create = commandLine(config, `keys create --workspace ${slug ?? 'shop'} --name my-key`);
  if (slug !== undefined) return `Make a key with: ${create}`;
  return `Make a workspace and a key with:\n  ${commandLine(config, 'workspaces create --slug shop')}\n  ${create}`;
}
