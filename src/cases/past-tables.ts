import { ifPast, type PastTables, sameCustomer, versionedRows, withOverrides } from '../db/past-rows.ts';

// What is written with the resolution of a case is not known before it.
const untilResolved = (name: string) => `CASE WHEN t."resolvedAt" > a."at" THEN NULL ELSE t."${name}" END`;

const ifAcknowledged = (name: string) => `CASE WHEN t."acknowledgedAt" <= a."at" THEN t."${name}" END`;

/** Cases at a past instant. A case that was written only once still shows its past states, by dates such as `resolvedAt`. */
export const pastTables: PastTables = {
  Case: withOverrides('Case', versionedRows('Case', 'openedAt'), {
    status: `CASE WHEN t."status" = 'RESOLVED' AND t."resolvedAt" > a."at" THEN 'OPEN' ELSE t."status"::text END`,
    firstResponseAt: ifPast('firstResponseAt'),
    resolvedAt: ifPast('resolvedAt'),
    cause: untilResolved('cause'),
    remedy: untilResolved('remedy'),
  }),
  CaseHandoff: withOverrides(
    'CaseHandoff',
    `SELECT h.* FROM asked a, "Case" k JOIN "CaseHandoff" h ON h."workspaceId" = k."workspaceId" AND h."caseId" = k."id"
      WHERE h."occurredAt" <= a."at"`,
    {
      ...sameCustomer,
      acknowledgedAt: ifPast('acknowledgedAt'),
      acknowledgedByKind: ifAcknowledged('acknowledgedByKind'),
      acknowledgedByName: ifAcknowledged('acknowledgedByName'),
    },
  ),
};
