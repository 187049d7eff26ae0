import type { Fetch } from '@rapport/sdk';
import { createTools, type ToolDefinition } from '@rapport/sdk/tools';
import { expect, it } from 'vitest';

const definition = (name: string, readOnlyHint: boolean): ToolDefinition => ({
  name,
  title: name,
  description: name,
  inputSchema: { type: 'object' },
  outputSchema: { type: 'object' },
  annotations: { readOnlyHint, destructiveHint: false, idempotentHint: true, openWorldHint: false },
});
const listed = { result: { tools: [definition('read_it', true), definition('write_it', false)] } };
const done = { result: { content: [{ type: 'text', text: 'done' }], structuredContent: { outcome: 'DONE' } } };
const busy = {
  result: {
    isError: true,
    content: [{ type: 'text', text: 'UNAVAILABLE: Busy.' }],
    structuredContent: { error: { code: 'UNAVAILABLE', message: 'Busy.', retryAfterMs: 1 } },
  },
};

/** Tools of a server that answers with these messages, one after the other, after it has listed its tools. */
async function toolsThatGet(...messages: unknown[]) {
  const sent: { url: string; headers: Record<string, string>; body: { method: string; params: object } }[] = [];
  const answers = [listed, ...messages];
  const fetch: Fetch = async (url, { headers, body }) => {
    sent.push({ url, headers, body: JSON.parse(body) });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === null) throw new TypeError('no route');
    const text = typeof answer === 'string' ? answer : JSON.stringify({ jsonrpc: '2.0', id: 1, ...Object(answer) });
    return { status: 200, headers: { get: () => null }, text: async () => text };
  };
  const tools = createTools({ url: 'http://crm.test/base/graphql', token: 'secret', purpose: 'SUPPORT', fetch });
  await tools.forKey();
  return { run: tools.run, calls: () => sent.slice(1) };
}

it('sends each call to /mcp with the key and the purpose', async () => {
  const { run, calls } = await toolsThatGet(done);

  expect(await run('read_it', { value: 1 })).toEqual({ text: 'done', data: { outcome: 'DONE' }, isError: false });
  expect(calls()).toMatchObject([
    {
      url: 'http://crm.test/base/mcp',
      headers: { authorization: 'Bearer secret', 'x-rapport-purpose': 'SUPPORT', 'mcp-name': 'read_it' },
      body: { method: 'tools/call', params: { name: 'read_it', arguments: { value: 1 } } },
    },
  ]);
});

it('reads the response from a stream of events', async () => {
  const events = [
    'event: message',
    'data: {"method":"notifications/message"}',
    '',
    `data: ${JSON.stringify(done)}`,
    '',
  ];
  const { run } = await toolsThatGet(events.join('\n'));

  expect(await run('read_it', {})).toMatchObject({ text: 'done' });
});

it('retries a tool that may succeed later, and returns its failure in the end', async () => {
  const later = await toolsThatGet(busy, done);
  const never = await toolsThatGet(busy);

  expect(await later.run('read_it', {})).toMatchObject({ isError: false });
  expect(await never.run('read_it', {})).toMatchObject({ isError: true, text: 'UNAVAILABLE: Busy.' });
  expect([later.calls().length, never.calls().length]).toEqual([2, 4]);
});

it('retries a write only with an idempotency key', async () => {
  const without = await toolsThatGet(null);
  const withKey = await toolsThatGet(null, done);

  await expect(without.run('write_it', {})).rejects.toMatchObject({ code: 'NETWORK', attempts: 1 });
  expect(await withKey.run('write_it', { idempotencyKey: '1' })).toMatchObject({ isError: false });
});

it.each([
  ['a page of a proxy', '<html></html>'],
  ['a request for input', { result: { resultType: 'input_required' } }],
])('rejects with BAD_RESPONSE for %s', async (_what, answer) => {
  const { run } = await toolsThatGet(answer);

  await expect(run('read_it', {})).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
});

it('stops when the AI SDK cancels', async () => {
  const { run } = await toolsThatGet(done);

  await expect(run('read_it', {}, { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
});

it('refuses arguments that JSON would change', async () => {
  const { run, calls } = await toolsThatGet(done);

  await expect(run('read_it', { at: new Date(Number.NaN) })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    field: ['at'],
  });
  expect(calls()).toEqual([]);
});
