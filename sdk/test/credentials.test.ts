import { UpsertCustomer, Workspace } from '@rapport/sdk/ops';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { clientOf, email, failureOf, secret, write } from './client-of.ts';
import { brokenOff, MisbehavingServer, refuse, reset, text, well } from './misbehaving.ts';

const server = await MisbehavingServer.start();
afterAll(() => server.stop());

describe('a token', () => {
  const unknown = refuse(401, 'UNAUTHENTICATED');

  it('is renewed once for all requests that were rejected with it', async () => {
    const asked: boolean[] = [];
    const token = async (isRefused: boolean) => {
      asked.push(isRefused);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return isRefused ? 'new' : 'old';
    };
    server.will((response, seen, socket) =>
      (seen.headers.authorization === 'Bearer new' ? well : unknown)(response, seen, socket),
    );
    const { client } = clientOf(server, { token });

    await Promise.all([client.request(Workspace), client.request(Workspace), client.request(Workspace)]);

    expect(asked.filter((isRefused) => isRefused)).toHaveLength(1);
    expect(server.seen).toHaveLength(6);
  });

  it('is renewed again when the renewed one expires', async () => {
    let [valid, asked] = ['second', 0];
    const token = (isRefused: boolean) => {
      if (isRefused) asked += 1;
      return isRefused ? valid : 'first';
    };
    server.will((response, seen, socket) =>
      (seen.headers.authorization === `Bearer ${valid}` ? well : unknown)(response, seen, socket),
    );
    const { client } = clientOf(server, { token });
    await client.request(Workspace);
    valid = 'third';
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 });

    await client.request(Workspace);
    vi.useRealTimers();

    expect(asked).toBe(2);
    expect(server.seen).toHaveLength(4);
  });

  it('is renewed only once if it is always rejected', async () => {
    server.will(unknown);

    const failure = await failureOf(clientOf(server, { token: async () => 'any' }).client.request(Workspace));

    expect(failure).toMatchObject({ code: 'UNAUTHENTICATED', status: 401, attempts: 2 });
  });

  it('is not renewed if it is a string', async () => {
    server.will(unknown);

    expect(await failureOf(clientOf(server).client.request(Workspace))).toMatchObject({ status: 401, attempts: 1 });
  });

  it('fails only the request if it cannot be renewed', async () => {
    server.will(unknown);
    const token = (isRefused: boolean) => (isRefused ? Promise.reject(new Error(secret)) : 'old');

    expect(await failureOf(clientOf(server, { token }).client.request(Workspace))).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('sends nothing if the token source fails', async () => {
    server.will(well);
    const token = () => Promise.reject(new Error(secret));

    expect(await failureOf(clientOf(server, { token }).client.request(Workspace))).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(server.seen).toEqual([]);
  });
});

describe('does not reveal the input', () => {
  const quoting = (status: number) =>
    text(
      status,
      JSON.stringify({
        errors: [
          { message: `"${email.toUpperCase()}" and ${secret} are wrong.`, extensions: { code: 'INVALID_INPUT' } },
        ],
      }),
    );

  it.each([
    ['an error that quotes it', quoting(200)],
    ['a page that quotes it', text(500, `<html>${email} ${secret}</html>`)],
    ['a reset', reset],
    ['a truncated response', brokenOff],
    ['a redirect', text(302, '', { location: `http://elsewhere.test/${email}` })],
  ])('after %s', async (_what, behaviour) => {
    server.will(behaviour);
    const { client, attempts } = clientOf(server, { maxRetries: 1 });

    const failure = await failureOf(client.request(UpsertCustomer, write));

    const told = [
      String(failure),
      failure.stack,
      JSON.stringify(failure),
      JSON.stringify(attempts),
      String(failure.cause),
    ];
    expect(told.join(' ').toLowerCase()).not.toMatch(/anna|secret/);
    expect(JSON.parse(JSON.stringify(failure))).toMatchObject({ name: 'RapportError', operation: 'UpsertCustomer' });
  });
});

it('removes the longer of two overlapping values', async () => {
  const given = { displayName: 'Ana Gómez-Ruiz', givenName: 'Ana' };
  const message = '"Ana Gómez-Ruiz" is not right.';
  server.will(text(200, JSON.stringify({ errors: [{ message, extensions: { code: 'CONFLICT' } }] })));
  const input = { key: { email: 'a@b.co' }, ...given };

  const failure = await failureOf(clientOf(server).client.request(UpsertCustomer, { input }));

  expect(failure.message).toBe('"…" is not right.');
});

const refusalWith = async (message: string, displayName: string) => {
  server.will(text(200, JSON.stringify({ errors: [{ message, extensions: { code: 'CONFLICT' } }] })));
  const input = { key: { email: 'a@b.co' }, displayName };
  return (await failureOf(clientOf(server).client.request(UpsertCustomer, { input }))).message;
};

it.each([
  ['Another customer has this email address.', 'other'],
  ['Another customer has this email address.', 'email'],
  ['Another customer has this email address.', 'Customer'],
  ['Another customer has this email address.', 'Another'],
  ['Says 10.00, but lines add up to 12.00.', '10.00'],
  ['Is not one of A, B, FULFILLED.', 'FULFILLED'],
  ['Must be text with a "." and no "x".', ''],
])('keeps "%s" unchanged when a variable is %j', async (message, displayName) => {
  expect(await refusalWith(message, displayName)).toBe(message);
});

it.each([
  [
    'Variable "$a" got invalid value "Anna"; expected text.',
    'anna',
    'Variable "$a" got invalid value "…"; expected text.',
  ],
  ['Expected text, found "Anna".', 'Anna', 'Expected text, found "…".'],
  ['Row (Anna Nowak) exists.', 'Anna Nowak', 'Row (…) exists.'],
  ['Row (Łucja) exists.', 'łucja', 'Row (…) exists.'],
  ['Row (+48512345678) exists.', '+48512345678', 'Row (…) exists.'],
  ['Row (a.b*[1]) exists.', 'a.b*[1]', 'Row (…) exists.'],
  ['Row (Anna\nNowak-Lis) of Anna\nNowak exists.', 'Anna\nNowak-Lis', 'Row (…) of Anna\nNowak exists.'],
])('removes the input from %j', async (message, displayName, expected) => {
  expect(await refusalWith(message, displayName)).toBe(expected);
});

it('removes a token that is a plain word', async () => {
  server.will(
    text(200, JSON.stringify({ errors: [{ message: 'No key sesame.', extensions: { code: 'FORBIDDEN' } }] })),
  );

  expect(await failureOf(clientOf(server, { token: 'sesame' }).client.request(Workspace))).toMatchObject({
    message: 'No key ….',
  });
});

it('copies only known details of an API error', async () => {
  server.will(refuse(200, 'CONFLICT', { conflictingId: 'customer_1', message: email, input: { email } }));

  const failure = await failureOf(clientOf(server).client.request(Workspace));

  expect(failure).toMatchObject({ message: 'No.', conflictingId: 'customer_1' });
  expect(JSON.stringify(failure)).not.toContain(email);
});
