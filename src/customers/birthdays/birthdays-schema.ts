import { workspace } from '../../db/statements.ts';
import { builder } from '../../graphql/builder.ts';
import { defineSqlList } from '../../graphql/lists/sql-list.ts';
import { piiScopes } from '../../lib/pii.ts';
import { customers } from '../schema.ts';
import { type Birthday, birthdaysWithin, maxDays } from './birthday-window.ts';

defineSqlList<Birthday[]>({
  name: 'birthdays',
  model: 'Customer',
  connection: customers.Connection,
  scope: 'customers:read',
  alsoNeeds: piiScopes.BIRTHDAY,
  description:
    'Lists the active customers with a birthday in a window of days, next birthday first. In non-leap years, February 29 ' +
    'counts as February 28. Fails with `FORBIDDEN` without the scope `pii:birthday`.',
  args: builder.args((t) => ({
    from: t.string({
      description: 'First day of the window, such as "2026-11-27". Defaults to today, in UTC.',
    }),
    days: t.int({ description: `Number of days of the window, 1 to ${maxDays}. Defaults to 7.` }),
  })),
  parse: ({ from, days }) => {
    const today = new Date().toISOString().slice(0, 10);
    return birthdaysWithin((from as string | null | undefined) ?? today, (days as number | null | undefined) ?? 7);
  },
  order: { columns: ['daysAhead', 'id'], direction: 'asc' },
  // Reads at most one page of each day by the index on birthdays.
  select: (birthdays, { within, orderAndLimit }, parameter) => {
    const lists = [
      birthdays.map(({ daysAhead }) => daysAhead),
      birthdays.map(({ month }) => month),
      birthdays.map(({ day }) => day),
    ];
    return `SELECT t.*, w."daysAhead" FROM unnest(${lists.map((list) => `${parameter(list)}::integer[]`).join(', ')}) AS w("daysAhead", "month", "day")
      CROSS JOIN LATERAL (SELECT * FROM "Customer" t WHERE t."workspaceId" = ${workspace} AND t."birthMonth" = w."month"
        AND t."birthDay" = w."day" AND t."status" = 'ACTIVE' AND ${within(['w."daysAhead"', 't."id"'])}${orderAndLimit(['t."id"'])}) t${orderAndLimit(['w."daysAhead"', 't."id"'])}`;
  },
});
