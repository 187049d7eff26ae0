import type { LoadedSample } from '../sample/load-sample.ts';
import { commandLine } from './command-line.ts';
import type { Config } from './config.ts';

/** Returns the text of the first start: keys for the demo workspaces and a request to paste into a terminal. */
export function welcome(url: string, sample: LoadedSample): string {
  const keys = sample.map(({ slug, secret }) => `  ${slug.padEnd(8)}  ${secret}`);
  const retail = sample.find(({ slug }) => slug === 'retail');
  return [
    'Read-only API keys for the demo workspaces (shown only once):',
    ...keys,
    ...(retail ? ['Request a customer and their latest order:', `  ${curl(url, retail.secret)}`] : []),
    `GraphiQL with example queries: ${url}`,
  ].join('\n');
}

function curl(url: string, secret: string): string {
  const query =
    '{ customer(by: { email: "noah.brown7922@example.com" }) { displayName orders(first: 1) ' +
    '{ nodes { number placedAt total { amount currencyCode } lines { nodes { title unitPrice { amount } } } } } } }';
  const headers = `-H 'authorization: Bearer ${secret}' -H 'content-type: application/json'`;
  return `curl -s ${url} ${headers} -d '${JSON.stringify({ query })}'`;
}

/** Returns the text of later starts: how to create a key for an existing workspace. */
export function keyHint(config: Config, slug: string | undefined): string {
  const create = commandLine(config, `keys create --workspace ${slug ?? 'shop'} --name my-key`);
  if (slug !== undefined) return `Create a key with: ${create}`;
  return `Create a workspace and a key with:\n  ${commandLine(config, 'workspaces create --slug shop')}\n  ${create}`;
}
