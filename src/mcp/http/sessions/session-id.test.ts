import { expect, it } from 'vitest';
import { issueSessionId, readSessionId } from './session-id.ts';

const key = Buffer.from('secret');

it('keeps what a server can ask of the client, and nothing else', () => {
  const capabilities = {
    elicitation: { form: { applyDefaults: true } },
    sampling: {},
    roots: {},
    experimental: { a: {} },
  };
  const id = issueSessionId(capabilities, key);

  expect(readSessionId(id, key)).toEqual({ elicitation: { form: {} }, sampling: {} });
  expect(id).toMatch(/^[\x21-\x7e]{1,300}$/);
  expect(issueSessionId(capabilities, key)).not.toBe(id);
});

it('is valid only as issued, and only for its key', () => {
  const id = issueSessionId({ elicitation: {} }, key);
  const [text, nonce, mac] = id.split('.');
  const other = Buffer.from('{"elicitation":{"url":{}}}').toString('base64url');

  expect(readSessionId(id, Buffer.from('other'))).toBeNull();
  for (const forged of [
    `${other}.${nonce}.${mac}`,
    `${text}.${'a'.repeat(16)}.${mac}`,
    `${text}.${nonce}.`,
    `${id}a`,
    '',
  ])
    expect(readSessionId(forged, key)).toBeNull();
});
