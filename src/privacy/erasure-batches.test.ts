import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Tenant, useApi } from '../../test/api.ts';
import { writeManyRows } from '../../test/many-rows.ts';
import { runScheduledJobs } from '../jobs/scheduled-jobs.ts';
import { encodeId, newId } from '../lib/ids.ts';

const api = await useApi();
const inThrees = { batchSize: 3 };
const later = () => new Date(Date.now() + 1_000);

const request = `mutation ($input: RequestErasureInput!) { requestErasure(input: $input) { erasureRequest { id } } }`;
const cancel = 'mutation ($id: ID!) { cancelErasure(input: { id: $id }) { outcome } }';
const requests = '{ erasureRequests { nodes { id status failure failedAt } } }';

const counts = ['surveyResponse', 'interaction', 'case', 'caseHandoff', 'preference', 'pastState'] as const;

let shop: Tenant;
let tenants = 0;
beforeEach(async () => {
  shop = await api.tenant(`shop-${++tenants}`);
});

// Case numbers are unique.
const writeMany = (name: string) => writeManyRows(shop, name, tenants * 1_000 + name.length * 100);

async function ask(customer: object): Promise<string> {
  return (await shop.data(request, { input: { customer, afterDays: 0 } })).requestErasure.erasureRequest.id;
}

async function rowsOf(customerId: string): Promise<number[]> {
  const where = { customerId };
  const delegates = counts.map((name) => shop.db[name] as { count(of: object): Promise<number> });
  return Promise.all(
    delegates.map((each, i) => each.count({ where: counts[i] === 'caseHandoff' ? { case: where } : where })),
  );
}

// Simulates a crash: rows with this body cannot be deleted, so the work ends between two batches.
async function breakAt(body: string): Promise<void> {
  await api.database.asOwner((owner) =>
    owner.query(`
      CREATE OR REPLACE FUNCTION break_here() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'No: %', OLD."body"; END $$;
      CREATE TRIGGER break_here BEFORE DELETE ON "Interaction" FOR EACH ROW WHEN (OLD."body" = '${body}') EXECUTE FUNCTION break_here()`),
  );
}
const mend = () => api.database.asOwner((owner) => owner.query('DROP TRIGGER IF EXISTS break_here ON "Interaction"'));
afterEach(mend);

describe('an erasure', () => {
  it('runs in batches, each in its own transaction', async () => {
    const [gone, stays] = [await writeMany('gone'), await writeMany('other')];
    await ask(gone.customer);
    api.statements.length = 0;

    await runScheduledJobs(shop.db, later(), inThrees);

    const deletes = (model: string) => api.statements.filter(({ sql }) => sql.startsWith(`DELETE FROM "${model}"`));
    for (const model of ['SurveyResponse', 'Interaction', 'Case', 'CaseHandoff', 'Preference', 'PastState'])
      expect([model, deletes(model).length]).toEqual([model, 3]);
    expect(Math.max(...deletes('Interaction').map(({ values }) => (values.at(-1) as string[]).length))).toBe(3);
    const begins = api.statements.filter(({ sql }) => sql === 'BEGIN');
    expect(begins.length).toBeGreaterThan(18);
    expect(await rowsOf(gone.customerId)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await rowsOf(stays.customerId)).toEqual([7, 7, 7, 7, 7, 7]);
  });

  it('keeps rows of other customers that refer to erased rows, without the reference', async () => {
    const [gone, stays] = [await writeMany('gone'), await writeMany('other')];
    const { id: caseId } = await shop.db.case.findFirstOrThrow({ where: { customerId: gone.customerId } });
    const where = { customerId: stays.customerId };
    await shop.db.interaction.updateMany({ where, data: { caseId } });
    await shop.db.surveyResponse.updateMany({ where, data: { caseId, interactionId: gone.interaction } });
    await ask(gone.customer);

    await runScheduledJobs(shop.db, later(), inThrees);

    expect(await rowsOf(gone.customerId)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await rowsOf(stays.customerId)).toEqual([7, 7, 7, 7, 7, 7]);
    expect(await shop.db.interaction.count({ where: { ...where, caseId: null } })).toBe(7);
    expect(await shop.db.surveyResponse.count({ where: { ...where, caseId: null, interactionId: null } })).toBe(7);
  });

  it('removes all identifiers of the customer in a few statements, even if there are thousands', async () => {
    const { customerId, customer } = await writeMany('gone');
    const { workspaceId } = shop.db;
    const names = Array.from({ length: 10_001 }, (_, i) => ({ workspaceId, customerId, source: 's', value: `${i}` }));
    await shop.db.customerExternalId.createMany({ data: names.map((name) => ({ ...name, createdAt: new Date() })) });
    await ask(customer);
    api.statements.length = 0;

    await runScheduledJobs(shop.db, later());

    const writes = api.statements.filter(({ sql }) => /(INTO|FROM) "(ErasedKey|CustomerExternalId)"/.test(sql));
    expect(writes.map(({ values }) => values.length)).toEqual([2, 3, 3]);
    expect(await shop.db.erasedKey.count({ where: { customerId } })).toBe(10_002);
    const by = { externalId: { source: 's', value: '10000' } };
    expect(await shop.data('query ($by: CustomerKey!) { customer(by: $by) { id } }', { by })).toEqual({
      customer: null,
    });
  });

  it('resumes after an interruption, and shows its reason until then', async () => {
    const { customerId, customer } = await writeMany('gone');
    const id = await ask(customer);
    await breakAt('gone 4');
    const faults: unknown[] = [];
    await runScheduledJobs(shop.db, later(), inThrees, (fault) => faults.push(fault));
    const half = await rowsOf(customerId);
    const shown = (await shop.data(requests)).erasureRequests.nodes;
    const refusal = await shop.error(cancel, { id });
    await mend();

    await runScheduledJobs(shop.db, later(), inThrees);

    expect(half.slice(0, 3)).toEqual([0, 4, 7]);
    expect(shown).toEqual([{ id, status: 'EXECUTING', failure: expect.any(String), failedAt: expect.any(String) }]);
    expect(shown[0].failure).toContain('P0001');
    expect(JSON.stringify(shown)).not.toContain('gone');
    expect(faults).toHaveLength(1);
    expect(refusal).toMatchObject({
      message: expect.stringContaining('in progress'),
      extensions: { code: 'CONFLICT' },
    });
    expect(await rowsOf(customerId)).toEqual([0, 0, 0, 0, 0, 0]);
    expect((await shop.data(requests)).erasureRequests.nodes).toEqual([
      { id, status: 'EXECUTED', failure: null, failedAt: null },
    ]);
    const events = await shop.db.auditEvent.findMany({ where: { operation: 'executeErasure' } });
    expect(events).toHaveLength(1);
    await runScheduledJobs(shop.db, later(), inThrees);
    expect(await shop.db.auditEvent.count({ where: { operation: 'executeErasure' } })).toBe(1);
  });

  it('marks the customer as erased in its first transaction, and rejects new records for them', async () => {
    const { customerId, customer, id } = await writeMany('gone');
    await writeMany('other');
    const other = { email: 'other@example.com' };
    await ask(customer);
    await breakAt('gone 0');
    await runScheduledJobs(shop.db, later(), inThrees, () => undefined);
    const half = await rowsOf(customerId);
    const named = { externalId: { source: 'gone', value: '0' } };
    const interaction = { channel: 'EMAIL', direction: 'INBOUND', occurredAt: '2026-01-01T00:00:00Z' };
    const survey = { kind: 'SUGGESTION', comment: 'x' };
    const preference = await shop.db.preference.findFirstOrThrow({ where: { customerId } });
    const proposal = { id: encodeId('Preference', preference.id) };
    const writes: [string, string, object][] = [
      ['upsertCustomer', 'UpsertCustomerInput', { key: customer, revive: true }],
      ['upsertCustomer', 'UpsertCustomerInput', { key: { id }, note: 'x' }],
      ['addContactPoint', 'AddContactPointInput', { customer: { id }, kind: 'EMAIL', value: 'new@example.com' }],
      ['upsertInteraction', 'UpsertInteractionInput', { ...interaction, customer }],
      ['upsertInteraction', 'UpsertInteractionInput', { ...interaction, case: named }],
      ['upsertInteraction', 'UpsertInteractionInput', { key: named, customer: other }],
      ['upsertCase', 'UpsertCaseInput', { key: named, customer: other }],
      ['updateCase', 'UpdateCaseInput', { key: named, handoff: { fromKind: 'BOT', to: 'x', reason: 'x' } }],
      ['recordSurveyResponse', 'RecordSurveyResponseInput', { ...survey, customer: { id } }],
      ['setPreference', 'SetPreferenceInput', { customer, key: 'k', value: { string: 'v' }, origin: 'STATED' }],
      ['rejectPreference', 'RejectPreferenceInput', proposal],
      ['confirmPreference', 'ConfirmPreferenceInput', proposal],
    ];

    for (const [name, type, input] of writes) {
      const { extensions } = await shop.error(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, {
        input,
      });
      expect([name, extensions.code]).toEqual([name, 'CONFLICT']);
    }
    expect(await rowsOf(customerId)).toEqual(half);
    expect(half[1]).toBe(7);
    const seen = await shop.data(
      'query ($by: CustomerKey!, $id: ID!) { customer(by: $by) { id } node(id: $id) { ... on Customer { displayName status note contactPoints { totalCount } } } }',
      { by: customer, id },
    );
    expect(seen).toEqual({
      customer: null,
      node: { displayName: 'Erased', status: 'ERASED', note: null, contactPoints: { totalCount: 0 } },
    });
  });

  it('rejects rows of a writer that looked up the customer earlier', async () => {
    const { customerId, customer, interaction } = await writeMany('gone');
    const other = await writeMany('other');
    const theirs = await shop.db.interaction.findUniqueOrThrow({
      where: { workspaceId_id: { workspaceId: shop.db.workspaceId, id: interaction } },
      omit: { metadata: true },
    });
    await ask(customer);
    await runScheduledJobs(shop.db, later());

    const inserted = shop.db.interaction.create({
      data: { ...theirs, source: null, externalId: null, caseId: null, id: newId() },
    });
    await expect(inserted).rejects.toMatchObject({ code: 'P2034' });
    const moved = shop.db.interaction.updateMany({
      where: { customerId: other.customerId },
      data: { customerId, caseId: null },
    });
    await expect(moved).rejects.toMatchObject({ code: 'P2034' });
    expect(await rowsOf(customerId)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  // The embedded database has one connection, so no concurrent write is possible.
  if (!api.isEmbedded)
    it('waits for a writer that looked up the customer earlier, and erases what it wrote', async () => {
      const { customerId, customer, interaction } = await writeMany('gone');
      const { workspaceId } = shop.db;
      const theirs = await shop.db.interaction.findUniqueOrThrow({
        where: { workspaceId_id: { workspaceId, id: interaction } },
        omit: { metadata: true },
      });
      await ask(customer);
      const erased = await shop.db.$transaction(async (tx) => {
        await tx.interaction.create({ data: { ...theirs, source: null, externalId: null, id: newId() } });
        const running = runScheduledJobs(shop.db, later(), inThrees);
        await sleep(300);
        return { running, status: (await shop.db.customer.findFirstOrThrow({ where: { id: customerId } })).status };
      });
      await erased.running;

      expect(erased.status).toBe('ACTIVE');
      expect(await rowsOf(customerId)).toEqual([0, 0, 0, 0, 0, 0]);
    });

  it('does not block other erasures when it fails', async () => {
    const [broken, fine] = [await writeMany('broken'), await writeMany('fine')];
    await ask(broken.customer);
    await ask(fine.customer);
    await breakAt('broken 0');
    const faults: unknown[] = [];

    await runScheduledJobs(shop.db, later(), inThrees, (fault) => faults.push(fault));

    const { nodes } = (await shop.data(requests)).erasureRequests;
    expect(nodes.map(({ status }: { status: string }) => status)).toEqual(['EXECUTED', 'EXECUTING']);
    expect(faults).toHaveLength(1);
    expect(await rowsOf(fine.customerId)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('stops between two batches when the process stops, and does not count as failed', async () => {
    const { customerId, customer } = await writeMany('gone');
    await ask(customer);
    const signal = AbortSignal.abort();

    await expect(runScheduledJobs(shop.db, later(), { signal })).rejects.toBe(signal.reason);

    expect((await rowsOf(customerId))[0]).toBe(7);
    expect((await shop.data(requests)).erasureRequests.nodes).toMatchObject([{ status: 'EXECUTING', failure: null }]);
  });
});

describe('retention', () => {
  const keepADay = 'mutation { setRetention(input: { interactionRetentionDays: 1 }) { __typename } }';

  it('runs in batches and resumes after an interruption', async () => {
    const { customerId } = await writeMany('old');
    await shop.data(keepADay);
    await breakAt('old 5');
    await expect(runScheduledJobs(shop.db, later(), inThrees)).rejects.toThrow();
    const half = await rowsOf(customerId);
    await mend();

    await runScheduledJobs(shop.db, later(), inThrees);

    expect(half[1]).toBe(4);
    expect(await rowsOf(customerId)).toEqual([7, 0, 7, 7, 7, 7]);
  });

  it('erases the changes of interactions in the audit log', async () => {
    const { interaction } = await writeMany('old');
    await shop.data(
      'mutation ($id: ID!) { upsertInteraction(input: { key: { id: $id }, body: "said-later" }) { outcome } }',
      { id: encodeId('Interaction', interaction) },
    );
    const events = { where: { entityId: interaction }, select: { action: true, changes: true } };
    const before = await shop.db.auditEvent.findMany(events);
    await shop.data(keepADay);

    await runScheduledJobs(shop.db, later(), inThrees);

    expect(JSON.stringify(before)).toContain('said-later');
    expect(await shop.db.auditEvent.findMany(events)).toEqual([{ action: 'UPDATED', changes: null }]);
  });
});
