import { ifPast, type PastTables, versionedRows, withOverrides } from '../db/past-rows.ts';

/** Follow-ups at a past instant. One that was written only once still shows that it was open before it was closed. */
export const pastTables: PastTables = {
  FollowUp: withOverrides('FollowUp', versionedRows('FollowUp', 'madeAt'), {
    status: `CASE WHEN coalesce(t."canceledAt", t."completedAt") > a."at" THEN 'OPEN' ELSE t."status"::text END`,
    completedAt: ifPast('completedAt'),
    canceledAt: ifPast('canceledAt'),
  }),
};
