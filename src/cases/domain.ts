import { externalIdColumns } from '../manifest.ts';

export const scopes = [{ noun: 'cases', covers: 'cases, promises, hand-offs', readers: 'CUSTOMERS' }] as const;

export const tables = {
  Case: {
    idPrefix: 'case',
    hasExternalIds: true,
    time: 'openedAt',
    customerRows: 'OWN',
    columns: {
      ...externalIdColumns,
      subject: 'FREE_TEXT',
      cause: 'FREE_TEXT',
      remedy: 'FREE_TEXT',
      promiseText: 'FREE_TEXT',
      assignee: 'STAFF',
    },
    erasure: 'DELETE',
    timeline: { kind: 'CASE', description: 'A case, dated when it was opened.' },
    fact: { columns: ['number', 'kind', 'status', 'priority', 'openedAt'] },
  },
  CaseHandoff: {
    idPrefix: 'handoff',
    partOf: 'Case',
    unauditedColumns: ['isOpen'],
    columns: {
      fromName: 'IF_CONTACT',
      acknowledgedByName: 'IF_CONTACT',
      to: 'STAFF',
      reason: 'FREE_TEXT',
      tried: 'FREE_TEXT',
      openQuestions: 'FREE_TEXT',
    },
  },
} as const;

export const records = {
  case: {
    writer: ['cases.ts', 'caseWriter'],
    isKeyOptional: true,
    example: {
      key: { externalId: 'k1' },
      customer: { externalId: 'c1' },
      order: { externalId: 'o1' },
      kind: 'RETURN',
      subject: 'The lamp is too bright',
      openedAt: '2026-01-20T12:00:00Z',
      promise: { text: 'A label by tomorrow', dueAt: '2026-01-21T12:00:00Z' },
    },
  },
} as const;

export const schemaModules = ['schema.ts', 'handoffs-schema.ts', 'mutations.ts'] as const;
export const pastTables = ['past-tables.ts', 'pastTables'] as const;
