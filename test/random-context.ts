import { encodeId } from '../src/lib/ids.ts';
import { tableOf } from '../src/lib/tables.ts';
import type { Tenant } from './api.ts';
import { examplesExcept } from './example-writes.ts';
import { randomGenerator } from './random.ts';

/**
 * Generates random import lines for data that the samples lack: preferences, consent decisions, time zones, cases with
 * promises, returns and survey responses. Adds records of other types from the examples of their import.
 */
export async function randomContextLines({ db }: Tenant): Promise<object[]> {
  const { below: random, one, times } = randomGenerator(7);
  const at = () =>
    new Date(Date.UTC(2026, random(10), 1 + random(28), random(24), random(60), random(60))).toISOString();
  const customers = await db.customer.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
  const lines = customers.flatMap(({ id }, n) => {
    const customer = { id: encodeId('Customer', id) };
    return [
      {
        type: 'customer',
        key: customer,
        register: one(['FORMAL', 'INFORMAL', null]),
        locale: one(['pl-PL', 'uk', 'en-US', null]),
        timezone: one(['Europe/Warsaw', 'Asia/Kolkata', null]),
        quietHours: one([{ from: '21:00', until: '08:00' }, null]),
        salutations: one([[{ locale: 'pl', text: 'Pani Anno' }], [{ locale: 'en-US', text: 'Dear Ann' }], []]),
      },
      ...times(4, (i) => ({
        type: 'preference',
        customer,
        key: `key-${i}`,
        value: one([{ string: 'żółty' }, { number: 42 }, { boolean: true }, { stringList: ['a', 'b'] }]),
        origin: one(['STATED', 'OBSERVED', 'INFERRED']),
        confidence: one([0.5, 1, 0.333]),
        doNotUse: random(4) === 0,
        validFrom: at(),
        validUntil: one([null, '2026-11-01T00:00:00Z', '2090-01-01T00:00:00Z']),
      })),
      ...times(3, (i) => ({
        type: 'consent',
        customer,
        channel: one(['EMAIL', 'SMS']),
        purpose: one(['SERVICE', 'MARKETING', 'SURVEY']),
        status: one(['GRANTED', 'DENIED', 'REVOKED']),
        capturedAt: `2026-0${i + 1}-01T00:00:00Z`,
        expiresAt: one([null, '2026-06-01T00:00:00Z']),
      })),
      ...times(3, (i) => ({
        type: 'case',
        key: { externalId: `case-${n}-${i}` },
        customer,
        kind: one(['COMPLAINT', 'QUESTION']),
        priority: one(['LOW', 'MEDIUM', 'HIGH', 'URGENT']),
        subject: `Case ${i} of ${n}`,
        openedAt: at(),
        promise: one([{ text: 'Soon', dueAt: '2026-05-01T00:00:00Z' }, null]),
      })),
      ...times(6, (i) => ({
        type: 'interaction',
        key: { externalId: `interaction-${n}-${i}` },
        customer,
        channel: one(['EMAIL', 'PHONE']),
        direction: one(['INBOUND', 'OUTBOUND', 'INTERNAL']),
        kind: one(['MESSAGE', 'CALL', 'NOTE']),
        occurredAt: at(),
        subject: one(['A "quoted"\tsubject\nwith\\everything', null]),
        body: one(['[0,"not ours"]\t[1,2]\t', 'plain']),
        sentiment: one(['NEGATIVE', 'POSITIVE', null]),
        topics: one([[], ['delivery', 'refund']]),
      })),
      ...times(1, () => ({
        type: 'surveyResponse',
        key: { externalId: `survey-${n}` },
        customer,
        kind: 'CSAT',
        rating: 1 + random(5),
        comment: one([null, 'Fine']),
        respondedAt: at(),
      })),
      ...times(2, (i) => ({
        type: 'return',
        key: { externalId: `return-${n}-${i}` },
        customer,
        currencyCode: one(['USD', 'JPY']),
        status: one(['REQUESTED', 'APPROVED', 'RECEIVED', 'COMPLETED', 'REJECTED']),
        occurredAt: at(),
        reason: one(['Too big', null]),
        lines: [{ title: 'Lamp', quantity: 1, total: '12.50' }],
      })),
    ];
  });
  const written = new Set<string>(['order', ...lines.map(({ type }) => type)]);
  const others = customers.flatMap(({ id }, n) => {
    const customer = { id: encodeId('Customer', id) };
    const examples = examplesExcept(({ type }) => written.has(type), customer, none);
    return examples.map(({ type, table, input }) => {
      const time = tableOf(table)?.time;
      const record = { type, key: { externalId: `${type}-${n}` }, ...input };
      return time === undefined ? record : movedTo(record, time, at());
    });
  });
  return [...lines, ...others];
}

const none = () => undefined;

// Moves all times of a record, so that they keep their order.
function movedTo(record: Record<string, unknown>, time: string, at: string): object {
  const byMs = Date.parse(at) - Date.parse(String(record[time] ?? at));
  const moved = (value: unknown) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
      ? new Date(Date.parse(value) + byMs).toISOString()
      : value;
  return { ...Object.fromEntries(Object.entries(record).map(([name, value]) => [name, moved(value)])), [time]: at };
}
