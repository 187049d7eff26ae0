import { expect, it } from 'vitest';
import { checkMessage, messagesIn } from './wire-schema.ts';

const response = (result: object) => ({ jsonrpc: '2.0', id: 1, result });
const text = { type: 'text', text: 'done' };

it.each<[string, unknown, string, boolean]>([
  ['a message without a version', { id: 1, result: {} }, 'ping', false],
  ['content of an unknown type', response({ content: [{ type: 'poem' }] }), 'tools/call', false],
  ['a tool without a schema', response({ tools: [{ name: 'a' }] }), 'tools/list', false],
  ['a result without its type', response({ content: [text] }), 'tools/call', true],
  ['a result of an unknown method', response({}), 'tools/sing', false],
  ['an unknown notification', { jsonrpc: '2.0', method: 'notifications/song' }, 'tools/call', false],
  ['an error without a message', { jsonrpc: '2.0', id: 1, error: { code: 1 } }, 'tools/call', false],
])('refuses %s', (_what, message, method, isModern) => {
  expect(() => checkMessage(message, method, isModern)).toThrow();
});

it.each<[string, unknown, boolean]>([
  ['a result', response({ content: [text] }), false],
  ['a typed result', response({ resultType: 'complete', content: [text] }), true],
  ['a request for input', response({ resultType: 'input_required', inputRequests: {} }), true],
  ['an error', { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'Not found.' } }, true],
])('accepts %s', (_what, message, isModern) => {
  expect(() => checkMessage(message, 'tools/call', isModern)).not.toThrow();
});

it('reads the messages of a stream', () => {
  const [one, other] = [response({}), response({ content: [] })].map((each) => JSON.stringify(each));

  expect(messagesIn(`event: message\ndata: ${one}\n\ndata: ${other}\n\n`)).toHaveLength(2);
  expect(messagesIn(one ?? '')).toHaveLength(1);
  expect(messagesIn('')).toEqual([]);
});
