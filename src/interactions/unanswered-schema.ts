import { workspace } from '../db/statements.ts';
import { builder } from '../graphql/builder.ts';
import { InteractionChannelEnum } from '../graphql/enums/channels.ts';
import { defineSqlList } from '../graphql/lists/sql-list.ts';
import { interactions } from './schema.ts';

type Waiting = { since: Date; until: Date; channels: string[] | null };

const isMessage = (alias: string) => `${alias}."direction" = 'INBOUND' AND ${alias}."kind" IN ('MESSAGE', 'CALL')`;

defineSqlList<Waiting>({
  name: 'unansweredInteractions',
  model: 'Interaction',
  connection: interactions.Connection,
  scope: 'interactions:read',
  description:
    'Lists the customers who wait for an answer, longest waiting first: the latest inbound message or call of each, if no ' +
    'outbound contact followed it. Leaves out interactions without a customer.',
  args: builder.args((t) => ({
    since: t.field({
      type: 'DateTime',
      required: true,
      description: 'Start of the window in which the message or call arrived. The list takes time proportional to it.',
    }),
    until: t.field({ type: 'DateTime', description: 'End of the window. Defaults to now.' }),
    channels: t.field({
      type: [InteractionChannelEnum],
      description: 'Channels of the message or call. Defaults to all channels.',
    }),
  })),
  parse: ({ since, until, channels }) => ({
    since: since as Date,
    until: (until as Date | null | undefined) ?? new Date(),
    channels: (channels as string[] | null | undefined) ?? null,
  }),
  order: { columns: ['occurredAt', 'id'], direction: 'asc' },
  // The subquery with LIMIT makes the planner look up the later contacts of each message by the index of its customer.
  select: ({ since, until, channels }, { within, orderAndLimit }, parameter) => {
    const columns = ['t."occurredAt"', 't."id"'];
    const now = `${parameter(until)}::timestamptz`;
    return `SELECT t.* FROM "Interaction" t WHERE t."workspaceId" = ${workspace} AND t."customerId" IS NOT NULL AND ${isMessage('t')}
      AND t."occurredAt" >= ${parameter(since)}::timestamptz AND t."occurredAt" <= ${now} AND ${within(columns)}${
        channels ? ` AND t."channel" = ANY (${parameter(channels)}::"InteractionChannel"[])` : ''
      } AND (SELECT true FROM "Interaction" l WHERE l."workspaceId" = ${workspace} AND l."customerId" = t."customerId"
        AND l."occurredAt" >= t."occurredAt" AND l."occurredAt" <= ${now} AND (l."direction" = 'OUTBOUND' AND l."occurredAt" > t."occurredAt"
          OR ${isMessage('l')} AND (l."occurredAt", l."id") > (t."occurredAt", t."id")) LIMIT 1) IS NULL${orderAndLimit(columns)}`;
  },
});
