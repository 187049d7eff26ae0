import { externalIdColumns, moneyColumns } from '../manifest.ts';

export const scopes = [
  {
    noun: 'next-actions',
    covers: 'gestures toward customers: suggestions, approvals, costs and caps',
    readers: 'KEYS',
  },
] as const;

export const tables = {
  NextAction: {
    idPrefix: 'nextaction',
    hasExternalIds: true,
    time: 'suggestedAt',
    columns: {
      ...externalIdColumns,
      ...moneyColumns,
      text: 'FREE_TEXT',
      dismissReason: 'FREE_TEXT',
      suggestedByName: 'IF_CONTACT',
    },
    erasure: 'DELETE',
    timeline: { kind: 'NEXT_ACTION', description: 'A gesture toward the customer, dated when it was suggested.' },
    history: {
      name: 'nextActions',
      description: 'Gestures toward the customer, latest suggestion first.',
      purposes: ['SUPPORT', 'PERSONALISATION'],
    },
    fact: { columns: ['kind', 'status', 'cost', 'currencyCode', 'suggestedAt', 'offeredAt', 'redeemedAt'] },
  },
  NextActionCap: { idPrefix: 'nextactioncap', columns: moneyColumns },
} as const;

export const records = {
  nextAction: {
    writer: ['next-actions.ts', 'nextActionWriter'],
    isKeyOptional: true,
    example: {
      key: { externalId: 'n1' },
      customer: { externalId: 'c1' },
      kind: 'APOLOGY',
      text: 'A voucher for the late label',
      cost: '20.00',
      currencyCode: 'PLN',
      suggestedAt: '2026-01-22T12:00:00Z',
      suggestedByName: 'Ola',
    },
  },
} as const;

export const schemaModules = ['schema.ts', 'mutations.ts'] as const;
export const pastTables = ['past-tables.ts', 'pastTables'] as const;
