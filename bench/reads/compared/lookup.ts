import { byEmail, customerIdByEmail, postgraphileByEmail } from '../by-email.ts';
import type { ComparedRead } from '../read.ts';

export const lookup: ComparedRead = {
  name: 'lookup',
  title: 'lookup of a customer by email',
  statements: 1,
  budget: { rps: { atLeast: 0.5 }, cpu: { atMost: 4 }, rpsOfPostgraphile: { atLeast: 2 } },
  rapport: {
    text: 'query ($email: String!) { customer(by: { email: $email }) { id displayName locale timezone } }',
    variables: byEmail,
  },
  limit: {
    text: `SELECT row_to_json(x)::text AS json FROM (SELECT "id", "displayName", "locale", "timezone" FROM "Customer"
      WHERE "workspaceId" = $1 AND "id" = ${customerIdByEmail}) x`,
    variables: byEmail,
  },
  postgraphile: postgraphileByEmail(`id: rowId displayName locale timezone`),
};
