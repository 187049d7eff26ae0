import { byEmail, customerIdByEmail, postgraphileByEmail } from '../by-email.ts';
import type { Facts } from '../facts.ts';
import type { ComparedRead } from '../read.ts';

const length = 20;

// The kinds of entries: the table, its time, and other columns, with the names under which an answer has them.
const kinds = [
  {
    table: 'Order',
    relation: 'orders',
    time: 'placedAt',
    columns: { number: 'number', orderStatus: 'status', total: 'total' },
  },
  {
    table: 'Return',
    relation: 'returns',
    time: 'occurredAt',
    columns: { returnStatus: 'status', refundAmount: 'refundAmount' },
  },
  {
    table: 'Interaction',
    relation: 'interactions',
    time: 'occurredAt',
    columns: { channel: 'channel', subject: 'subject', body: 'body' },
  },
  { table: 'Case', relation: 'cases', time: 'openedAt', columns: { caseNumber: 'number', caseSubject: 'subject' } },
  {
    table: 'SurveyResponse',
    relation: 'surveyResponses',
    time: 'respondedAt',
    columns: { rating: 'rating', comment: 'comment' },
  },
  {
    table: 'ConsentEvent',
    relation: 'consentEvents',
    time: 'capturedAt',
    columns: { channel: 'channel', consentStatus: 'status' },
  },
  { table: 'FollowUp', relation: 'followUps', time: 'madeAt', columns: { followUpText: 'text' } },
  { table: 'NextAction', relation: 'nextActions', time: 'suggestedAt', columns: { actionText: 'text' } },
];

const money = ['total', 'refundAmount'];

export const timeline: ComparedRead = {
  name: 'timeline',
  title: 'timeline, 20',
  statements: 1,
  budget: { rps: { atLeast: 0.75 }, cpu: { atMost: 3 }, rpsOfPostgraphile: { atLeast: 1.5 } },
  settle: merged,
  rapport: {
    text: `query ($email: String!) { customer(by: { email: $email }) { timeline(first: ${length}) { nodes { occurredAt item {
      __typename ${kinds.map(ofRapport).join(' ')} } } } } }`,
    variables: byEmail,
  },
  limit: {
    text: `WITH c AS (SELECT ${customerIdByEmail} AS id)
      SELECT json_build_object('timeline', coalesce(json_agg(json ORDER BY at DESC, kind DESC, id DESC), '[]'))::text AS json
      FROM (SELECT * FROM (${kinds.map(ofLimit).join(' UNION ALL ')}) every ORDER BY at DESC, kind DESC, id DESC LIMIT ${length}) x`,
    variables: byEmail,
  },
  // It has no list over several tables, so it returns the latest entries of each kind.
  postgraphile: postgraphileByEmail(kinds.map(ofPostgraphile).join(' ')),
};

type Kind = (typeof kinds)[number];

function ofRapport({ table, columns }: Kind): string {
  const fields = Object.entries(columns).map(([name, column]) => {
    const field = name === column ? name : `${name}: ${column}`;
    return money.includes(name) ? `${field} { amount }` : field;
  });
  return `... on ${table} { id ${fields.join(' ')} }`;
}

function ofLimit({ table, time, columns }: Kind): string {
  const selected = Object.entries(columns).map(([name, column]) => `'${name}', "${column}"`);
  return `(SELECT "${time}" AS at, '${table}' AS kind, "id", json_build_object('__typename', '${table}', 'id', "id", 'occurredAt', "${time}",
    ${selected.join(', ')}) AS json FROM "${table}" WHERE "workspaceId" = $1 AND "customerId" = (SELECT id FROM c)
    ORDER BY "${time}" DESC, "id" DESC LIMIT ${length})`;
}

function ofPostgraphile({ relation, time, columns }: Kind): string {
  const fields = Object.entries(columns).map(([name, column]) => `${name}: ${column}`);
  const order = `[${time.replace(/[A-Z]/g, '_$&').toUpperCase()}_DESC, ROW_ID_DESC]`;
  return `${relation}: ${relation}ByWorkspaceIdAndCustomerId(first: ${length}, orderBy: ${order}) {
    nodes { __typename id: rowId occurredAt: ${time} ${fields.join(' ')} } }`;
}

// Merges the lists of an answer into one, with the latest entries first.
function merged(facts: Facts): Facts {
  const entries = Object.values(facts).flatMap((fact) => (Array.isArray(fact) ? fact : []));
  const place = ({ occurredAt, __typename, id }: Facts) => `${occurredAt} ${__typename} ${id}`;
  const sorted = entries.toSorted((a, b) => (place(a) < place(b) ? 1 : -1));
  return { timeline: sorted.slice(0, length) };
}
