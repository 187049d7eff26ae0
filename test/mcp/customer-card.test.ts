import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { useApi } from '../api.ts';
import { revisions, useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const mcp = await useMcp(api);

async function readCard(revision: (typeof revisions)[number]) {
  const { client } = await mcp.connect(shop.secret, revision);
  const { tools } = await client.listTools();
  const tool = tools.find(({ name }) => name === 'get_customer_context');
  const { resourceUri } = Object(tool?._meta?.ui);
  const { contents } = await client.readResource({ uri: resourceUri });
  const [card] = contents as [{ uri: string; mimeType: string; text: string; _meta: object }];
  return { client, resourceUri, card };
}

describe.each(revisions)('revision %s', (revision) => {
  it('links the card from get_customer_context', async () => {
    const { client, resourceUri, card } = await readCard(revision);
    const { resources } = await client.listResources();

    expect(resources).toMatchObject([{ uri: resourceUri, mimeType: 'text/html;profile=mcp-app' }]);
    expect(card).toMatchObject({ uri: resourceUri, mimeType: 'text/html;profile=mcp-app', _meta: { ui: { csp: {} } } });
    await expect(client.readResource({ uri: 'ui://rapport/other' })).rejects.toThrow('Resource not found');
  });
});

it('loads nothing, and allows only its own script and style', async () => {
  const { text } = (await readCard('2026-07-28')).card;
  const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(text) ?? [];
  const hashOf = (tag: string) => {
    const [, code = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(text) ?? [];
    return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
  };

  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${hashOf('script')}`,
    `style-src ${hashOf('style')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(text).not.toMatch(/https?:|src=|href=|@import|url\(|innerHTML|insertAdjacent|document\.write|eval\(|fetch\(/);
});

type Node = { name: string; className: string; children: (Node | string)[] };

/** Runs the card as a host would, with a document that keeps what the card appends. Returns what it shows. */
function render(page: string, text: string) {
  const [sent, listeners]: [{ method?: string }[], ((event: object) => void)[]] = [[], []];
  const element = (name: string) => {
    const node: Node & { append: (...children: Node['children']) => void } = {
      ...{ name, className: '', children: [] },
      append: (...children) => node.children.push(...children),
    };
    return Object.assign(node, { replaceChildren: node.append });
  };
  const body = element('body');
  const parent = { postMessage: (message: { method?: string }) => sent.push(message) };
  const documentElement = {
    style: { setProperty: () => undefined },
    getBoundingClientRect: () => ({ width: 1, height: 2 }),
  };
  new Script(page.slice(page.indexOf('<script>') + 8, page.indexOf('</script>'))).runInNewContext({
    window: { parent },
    document: { createElement: element, body, documentElement },
    addEventListener: (_: string, listener: (event: object) => void) => listeners.push(listener),
  });
  const receive = (data: object, source: object = parent) => {
    for (const listener of listeners) listener({ source, data: { jsonrpc: '2.0', ...data } });
  };
  receive({ id: 1, result: { hostContext: { theme: 'dark' } } });
  receive({ method: 'ui/notifications/tool-result', params: { content: [{ type: 'text', text: 'NAME forged' }] } }, {});
  expect(body.children).toEqual([]);
  receive({ method: 'ui/notifications/tool-result', params: { content: [{ type: 'text', text }] } });
  return { body, methods: sent.map(({ method }) => method) };
}

const textOf = (node: Node | string): string =>
  typeof node === 'string'
    ? node
    : node.children.map(textOf).join(node.name === 'ul' || node.name === 'div' ? '|' : '');

it.each([
  ['en', 'Open cases', 'Do not'],
  ['pl', 'Otwarte sprawy', 'Nie wolno'],
  ['uk', 'Відкриті справи', 'Не можна'],
])('shows the result of get_customer_context in %s', async (language, ...titles) => {
  const { client, card } = await readCard('2026-07-28');
  const hostile = '<img src=x onerror=alert(1)>';
  const customer = { email: `${language}@example.com` };
  await shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
    input: { key: customer, displayName: `Anna ${hostile}` },
  });
  await shop.data('mutation ($input: OpenCaseInput!) { openCase(input: $input) { outcome } }', {
    input: { customer, subject: hostile, kind: 'COMPLAINT' },
  });
  await shop.data('mutation ($input: SetPreferenceInput!) { setPreference(input: $input) { outcome } }', {
    input: { customer, key: 'diet', value: { string: hostile }, origin: 'STATED', doNotUse: true },
  });
  const found = await client.callTool({ name: 'find_customer', arguments: customer });
  const [{ customerId }] = Object(found.structuredContent).matches;
  const proven = { assurance: 'VERIFIED', proof: 'LOGIN' };
  const result = await client.callTool({
    name: 'get_customer_context',
    arguments: { customerId, ...proven, language, maxTokens: 4_000 },
  });
  const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('');

  const { body, methods } = render(card.text, text);

  const [heading] = body.children as [Node];
  expect(heading.name).toBe('h1');
  expect(textOf(heading)).toContain('Anna');
  const shown = textOf(body);
  for (const title of titles) expect(shown).toContain(title);
  expect(shown).toContain('COMPLAINT');
  expect(shown).toContain('diet: ');
  expect(shown).not.toMatch(/<<|>>|\d{6}/);
  expect(methods).toEqual(['ui/initialize', 'ui/notifications/initialized', 'ui/notifications/size-changed']);
});
