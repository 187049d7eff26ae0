import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it } from 'vitest';
import { tools } from '../../src/mcp/tools.ts';
import { useApi } from '../api.ts';
import { useBuilt } from '../built.ts';
import { useStoredDatabase } from '../database.ts';
import { revisions } from './mcp-client.ts';

const stored = await useStoredDatabase();
const api = await useApi({}, stored);
const shop = await api.tenant('shop');
const program = join(useBuilt(), 'cli', 'rapport.js');
const where: Record<string, string> =
  stored.url === null ? { RAPPORT_DATA_DIR: stored.dataDir ?? '' } : { DATABASE_URL: stored.url };
const inherited = { PATH: process.env.PATH ?? '', NODE_ENV: 'test', LOG_LEVEL: 'error', ...where };

it.each(revisions)(
  'serves the tools over standard input and output, in revision %s',
  async (revision) => {
    const mode = revision === '2026-07-28' ? { pin: revision } : 'legacy';
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    const env = { ...inherited, RAPPORT_KEY: shop.secret };
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [program, 'mcp'], env, stderr: 'ignore' }),
    );

    const listed = await client.listTools();
    const found = await client.callTool({ name: 'find_customer', arguments: { email: 'nobody@example.com' } });

    expect(listed.tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
    expect(found.structuredContent).toEqual({ ambiguous: false, matches: [] });
    await client.close();
  },
  60_000,
);

it.each(revisions.flatMap((revision) => [true, false].map((agree) => ({ revision, agree }))))(
  'lets the client ask its user, in revision $revision, who agrees: $agree',
  async ({ revision, agree }) => {
    const { upsertCustomer } = await shop.data(
      'mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { customer { id } } }',
      { input: { key: { email: 'ada@example.com' }, displayName: 'Ada' } },
    );
    const mode = revision === '2026-07-28' ? { pin: revision } : 'legacy';
    const capabilities = { elicitation: {} };
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode }, capabilities });
    const questions: string[] = [];
    client.setRequestHandler('elicitation/create', async ({ params: { message } }) => {
      questions.push(message);
      return agree ? { action: 'accept', content: { agree } } : { action: 'decline' };
    });
    const env = { ...inherited, RAPPORT_KEY: shop.secret };
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [program, 'mcp'], env, stderr: 'ignore' }),
    );
    const body = `${revision} ${agree}`;
    const args = { customerId: upsertCustomer.customer.id, channel: 'EMAIL', direction: 'INBOUND', body };

    const result = await client.callTool({ name: 'record_interaction', arguments: { ...args, idempotencyKey: body } });

    expect(questions).toHaveLength(1);
    expect(JSON.stringify(result)).not.toContain('Show the preview');
    expect(result.isError ?? false).toBe(!agree);
    expect(await shop.db.interaction.count({ where: { body } })).toBe(agree ? 1 : 0);
    await client.close();
  },
  60_000,
);

it('serves only the customer in RAPPORT_CUSTOMER', async () => {
  const client = new Client({ name: 'test', version: '1' });
  const env = { ...inherited, RAPPORT_KEY: shop.secret, RAPPORT_CUSTOMER: 'customer_01h455vb4pex5vsknk084sn02q' };
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [program, 'mcp'], env, stderr: 'ignore' }),
  );
  const contextOf = (customerId: string) =>
    client.callTool({ name: 'get_customer_context', arguments: { customerId } });

  const own = await contextOf(env.RAPPORT_CUSTOMER);
  const foreign = await contextOf('customer_01h455vb4pex5vsknk084sn02r');

  expect(own.structuredContent).toMatchObject({ error: { code: 'NOT_FOUND' } });
  expect(foreign.structuredContent).toMatchObject({ error: { code: 'FORBIDDEN' } });
  await client.close();
}, 60_000);

// The test owns the embedded database, so it must not block while the process uses it.
it.each([
  ['no key', {}, 'Set RAPPORT_KEY to an API key'],
  ['an unknown key', { RAPPORT_KEY: 'rapport_unknown' }, 'This key is unknown, expired or revoked.'],
])(
  'exits with %s',
  async (_, key, message) => {
    const run = promisify(execFile)(process.execPath, [program, 'mcp'], { env: { ...inherited, ...key } });

    await expect(run).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
  },
  60_000,
);
