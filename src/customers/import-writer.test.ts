import { describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { transact } from '../db/write/transact.ts';
import { encodeId } from '../lib/ids.ts';
import { attempt, refused, type WriteResult, writeAccepted } from '../lib/upsert-result.ts';
import { requestErasure } from '../privacy/erasure.ts';
import { executeErasures } from '../privacy/execute-erasures.ts';
import { customerImportWriter, upsertCustomer } from './customers.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const external = (value: string) => ({ externalId: { source: 'crm', value } });
const email = (value: unknown) => ({ kind: 'EMAIL', value });
const phone = (value: unknown) => ({ kind: 'PHONE', value });

async function write(...inputs: object[]): Promise<WriteResult[]> {
  const items = inputs.map((input) => attempt(() => customerImportWriter.parse(input)));
  return transact(shop.db, (tx) => writeAccepted(items, (passed) => customerImportWriter.write(tx, passed)));
}

function said(result: WriteResult | undefined) {
  if (result === undefined) return undefined;
  if (refused(result)) return { refused: result.code, field: result.details.field };
  const warnings = result.warnings?.map(({ code, details }) => ({ code, ...details }));
  return warnings ? { outcome: result.outcome, warnings } : { outcome: result.outcome };
}

async function pointsOf(value: string): Promise<string[]> {
  const { customerId } = await shop.db.customerExternalId.findFirstOrThrow({ where: { value } });
  const points = await shop.db.contactPoint.findMany({ where: { customerId }, orderBy: { normalizedValue: 'asc' } });
  return points.map(({ normalizedValue }) => normalizedValue);
}

async function idOf(value: string): Promise<string> {
  return encodeId('Customer', (await shop.db.customerExternalId.findFirstOrThrow({ where: { value } })).customerId);
}

describe('an imported customer is written', () => {
  it('without invalid contact points', async () => {
    const row = {
      key: external('bad'),
      givenName: 'Bad',
      contactPoints: [email('bad@example.com'), phone('call me at 512 345 678 after 5'), email('nobody'), phone('')],
    };
    const warnings = [1, 2, 3].map((i) => ({ code: 'INVALID_INPUT', field: ['contactPoints', i, 'value'] }));

    expect((await write(row)).map(said)).toEqual([{ outcome: 'CREATED', warnings }]);
    expect((await write(row)).map(said)).toEqual([{ outcome: 'NOOP', warnings }]);
    expect(await pointsOf('bad')).toEqual(['bad@example.com']);
  });

  it('without malformed contact points, and with warnings that name their positions', async () => {
    const row = {
      key: external('malformed'),
      contactPoints: [
        { kind: 'FAX', value: '1' },
        phone(512345678),
        'x@example.com',
        email('no'),
        email('ok@example.com'),
      ],
    };
    const [result] = await write(row);

    expect(said(result)?.warnings?.map(({ field }) => field)).toEqual([
      ['contactPoints', 0, 'kind'],
      ['contactPoints', 1, 'value'],
      ['contactPoints', 2],
      ['contactPoints', 3, 'value'],
    ]);
    expect(await pointsOf('malformed')).toEqual(['ok@example.com']);
  });

  it('without a contact point of another customer, and with a warning that has that customer’s ID', async () => {
    await upsertCustomer(shop.db, { key: external('owner'), contactPoints: [phone('+48 601 234 762')] });
    const row = { key: external('second'), contactPoints: [email('second@example.com'), phone('601-234-762')] };
    const conflict = { code: 'CONFLICT', field: ['contactPoints', 1, 'value'], conflictingId: await idOf('owner') };

    expect((await write(row)).map(said)).toEqual([{ outcome: 'CREATED', warnings: [conflict] }]);
    expect((await write(row)).map(said)).toEqual([{ outcome: 'NOOP', warnings: [conflict] }]);
    expect([await pointsOf('owner'), await pointsOf('second')]).toEqual([['+48601234762'], ['second@example.com']]);
    await expect(upsertCustomer(shop.db, row)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('with a contact point that later rows of the same batch then cannot have', async () => {
    const shared = phone('+48 602 000 111');
    const rows = ['first', 'next', 'last'].map((value) => ({ key: external(value), contactPoints: [shared] }));
    const results = (await write(...rows)).map(said);

    const conflict = { code: 'CONFLICT', field: ['contactPoints', 0, 'value'], conflictingId: await idOf('first') };
    expect(results).toEqual([
      { outcome: 'CREATED' },
      { outcome: 'CREATED', warnings: [conflict] },
      { outcome: 'CREATED', warnings: [conflict] },
    ]);
    expect((await write(...rows)).map(said)).toEqual([
      { outcome: 'NOOP' },
      { outcome: 'NOOP', warnings: [conflict] },
      { outcome: 'NOOP', warnings: [conflict] },
    ]);
  });

  it('in few statements, even if hundreds of rows share a contact point', async () => {
    const shared = phone('+48 602 000 222');
    const rows = Array.from({ length: 300 }, (_, i) => ({ key: external(`many-${i}`), contactPoints: [shared] }));
    const before = api.statements.length;

    const results = (await write(...rows)).map(said);

    expect(api.statements.length - before).toBeLessThan(150);
    expect(results.filter((result) => result?.warnings)).toHaveLength(299);
    expect(results[0]).toEqual({ outcome: 'CREATED' });
  });

  it('without a contact point of an erased customer', async () => {
    await upsertCustomer(shop.db, { key: { email: 'gone@example.com' } });
    await requestErasure(shop.db, { customer: { email: 'gone@example.com' }, afterDays: 0 });
    await executeErasures(shop.db, new Date(Date.now() + 1_000));
    const row = { key: external('newcomer'), contactPoints: [email('gone@example.com')] };

    const [result] = await write(row);

    expect(said(result)).toMatchObject({
      outcome: 'CREATED',
      warnings: [{ code: 'CONFLICT', field: ['contactPoints', 0, 'value'] }],
    });
    expect(await pointsOf('newcomer')).toEqual([]);
  });

  it('with phone numbers parsed in the country of each row, many rows in one batch', async () => {
    await upsertCustomer(shop.db, { key: external('stored-gb'), country: 'GB' });
    const results = await write(
      { key: external('gb'), country: 'GB', contactPoints: [phone('020 7946 0001')] },
      { key: external('stored-gb'), contactPoints: [phone('020 7946 0002')] },
      { key: external('pl'), contactPoints: [phone('512 345 000')] },
      { key: external('gb'), contactPoints: [phone('020 7946 0003')] },
    );

    expect(results.map((result) => said(result)?.outcome)).toEqual(['CREATED', 'UPDATED', 'CREATED', 'UPDATED']);
    expect([await pointsOf('gb'), await pointsOf('stored-gb'), await pointsOf('pl')]).toEqual([
      ['+442079460001', '+442079460003'],
      ['+442079460002'],
      ['+48512345000'],
    ]);
  });
});

describe('an imported customer is rejected', () => {
  it.each([
    ['a malformed key', { key: { email: 'nobody' } }, 'INVALID_INPUT', ['key', 'email']],
    ['an empty key', { key: { email: '' } }, 'INVALID_INPUT', ['key', 'email']],
    ['no key', { key: {} }, 'INVALID_INPUT', ['key']],
    ['an unknown ID', { key: { id: encodeId('Customer', crypto.randomUUID()) } }, 'NOT_FOUND', ['key', 'id']],
  ])('with %s', async (_what, input, code, field) => {
    expect((await write(input)).map(said)).toEqual([{ refused: code, field }]);
  });

  it('with an external ID of another customer', async () => {
    await upsertCustomer(shop.db, { key: external('theirs') });
    const input = { key: external('mine'), externalIds: [{ source: 'crm', value: 'theirs' }] };

    expect((await write(input)).map(said)).toEqual([{ refused: 'CONFLICT', field: ['externalIds', 0] }]);
  });
});
