import { createTools, type Tool, toAnthropic, toOpenAi, toOpenAiResponses, toolDefinitions } from '@rapport/sdk/tools';
import { beforeAll, expect, it } from 'vitest';
import { useApi } from '../api.ts';
import { writeCanaries } from '../canaries.ts';
import { writeOneOfEverything } from '../dataset.ts';
import { keyWithout } from '../narrow-key.ts';
import { textOf, useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const mcp = await useMcp(api);
const url = new URL('/graphql', mcp.url).href;
const crm = createTools({ url, token: shop.secret });

// Values for arguments by name, so that new tools are covered without a line here.
let values: Record<string, unknown>;

beforeAll(async () => {
  await writeOneOfEverything(shop);
  await writeCanaries(shop);
  const email = 'marker-of-a@example.com';
  const proven = { assurance: 'VERIFIED', proof: 'LOGIN' };
  const { matches } = (await crm.run('find_customer', { email })).data as { matches: { customerId: string }[] };
  const customerId = matches[0]?.customerId;
  const { orders } = (await crm.run('list_orders', { customerId, ...proven })).data as {
    orders: { orderId: string }[];
  };
  const orderId = orders[0]?.orderId;
  values = { ...proven, email, customerId, orderId, factId: orderId, locale: 'pl', responseFormat: 'detailed' };
});

// Markers are random for each reply.
function unmarked(text: string): string {
  const [, name] = /<<(\d{6}) /.exec(text) ?? [];
  return name === undefined ? text : text.replaceAll(name, '…');
}

function argumentsOf({ inputSchema }: Tool): object {
  const names = Object.keys(inputSchema.properties ?? {});
  return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));
}

it('has the definitions that the server sends', async () => {
  const { client } = await mcp.connect(shop.secret);

  const { tools } = await client.listTools();

  expect(toolDefinitions.map(({ scopes: _, ...definition }) => definition)).toEqual(tools);
  expect(JSON.parse(JSON.stringify(await crm.forKey()))).toEqual(tools);
});

it.each(crm.all)('returns the result of MCP: $name', async (tool) => {
  const { call } = await mcp.connect(shop.secret);
  const calls = [{}, ...(tool.annotations.readOnlyHint ? [argumentsOf(tool)] : [])];

  for (const args of calls) {
    const over = await call(tool.name, args);
    const { text, data, isError } = await tool.run(args);

    expect(unmarked(text)).toBe(unmarked(textOf(over)));
    expect(data).toEqual(over.structuredContent);
    expect(isError).toBe(over.isError ?? false);
    expect(unmarked(await tool.execute(args))).toBe(unmarked(text));
  }
  if (tool.annotations.readOnlyHint) expect((await tool.run(argumentsOf(tool))).isError).toBe(false);
});

it('lists the tools that the key may call', async () => {
  const token = await keyWithout(shop, 'orders:read');

  const names = (await createTools({ url, token }).forKey()).map(({ name }) => name);

  expect(names).toEqual(
    toolDefinitions.filter(({ scopes }) => !scopes.includes('orders:read')).map(({ name }) => name),
  );
  expect(names).not.toContain('list_orders');
});

it('runs the call of a model, and returns errors as text', async () => {
  const { email } = values;

  const found = await crm.run('find_customer', JSON.stringify({ email }));
  const unknown = await crm.run('drop_tables', {});
  const broken = await crm.run('find_customer', '{"email":');
  const refused = await crm.run('list_orders', { customerId: 'x' });

  expect(found).toMatchObject({ isError: false, data: { ambiguous: false } });
  expect(unknown).toMatchObject({ isError: true, text: expect.stringMatching(/^NOT_FOUND: .*find_customer/) });
  expect(broken).toMatchObject({ isError: true, text: expect.stringMatching(/^INVALID_INPUT: .*JSON object/) });
  expect(refused).toMatchObject({ isError: true, data: { error: { code: 'FORBIDDEN', field: ['assurance'] } } });
});

it('rejects without a valid key', async () => {
  const stranger = createTools({ url, token: 'rapport_000000000000_x' });

  await expect(stranger.forKey()).rejects.toMatchObject({ code: 'UNAUTHENTICATED', status: 401, operation: 'tools' });
  await expect(stranger.run('find_customer', {})).rejects.toMatchObject({ operation: 'find_customer' });
});

it('describes the tools as each model API takes them', () => {
  const [tool] = crm.all as [Tool];
  const { name, description, inputSchema } = tool;

  expect(toOpenAi(tool)).toEqual({ type: 'function', function: { name, description, parameters: inputSchema } });
  expect(toOpenAiResponses(tool)).toEqual({
    type: 'function',
    name,
    description,
    parameters: inputSchema,
    strict: false,
  });
  expect(toAnthropic(tool)).toEqual({ name, description, input_schema: inputSchema });
});
