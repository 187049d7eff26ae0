import * as z from 'zod';
import {
  customerId,
  identity,
  page,
  paging,
  purpose,
  reading,
  requireVerified,
  unknownCustomer,
} from '../arguments.ts';
import {
  type InteractionRow,
  interactionFields,
  interactionOutput,
  interactionRow,
} from '../interactions/interaction-row.ts';
import { type Connection, connectionOf, pageReply } from '../text/list-reply.ts';
import { Markers } from '../text/markers.ts';
import { defineTool } from '../tool.ts';
import { channel } from './channels.ts';

const input = z.strictObject({
  customerId,
  query: z.string().min(1).max(200).optional().describe('Part of a subject or body.'),
  channel: channel.optional(),
  ...paging,
  ...identity,
  purpose,
  ...reading,
});

const output = z.object({ interactions: z.array(interactionOutput), ...page });

const document = `query McpSearchInteractions($by: CustomerKey!, $first: Int!, $after: String, $where: InteractionWhere) {
  customer(by: $by) { interactions(first: $first, after: $after, where: $where) { ${connectionOf(interactionFields)} } } }`;

type Found = { customer: { interactions: Connection<InteractionRow> } | null };

export const searchInteractions = defineTool({
  name: 'search_interactions',
  title: 'Search interactions',
  description: 'Searches the messages, calls and visits of a verified customer, newest first.',
  scopes: ['customers:read', 'interactions:read'],
  effect: 'READ',
  input,
  output,
  async run(args, { ask }) {
    requireVerified(args);
    const { query, first, after } = args;
    const where = {
      ...(query !== undefined && { OR: [{ body: { contains: query } }, { subject: { contains: query } }] }),
      ...(args.channel && { channel: { eq: args.channel } }),
    };
    const variables = { by: { id: args.customerId }, first, after: after ?? null, where };
    const { customer } = await ask<Found>(document, variables);
    if (!customer) throw unknownCustomer();
    const { interactions } = customer;
    const markers = new Markers();
    const quoting = { most: args.responseFormat === 'detailed' ? 1_000 : 160, markers, nothing: 'no text' };
    return pageReply({
      maxTokens: args.maxTokens,
      head: `INTERACTIONS ${interactions.totalCount} in all. ${markers.notice}`,
      connection: interactions,
      further: 'older interactions',
      rowOf: (interaction) => interactionRow(interaction, quoting),
      data: (rows, page) => ({ interactions: rows, ...page }),
    });
  },
});
