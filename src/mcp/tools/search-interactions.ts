import { z } from 'zod';
import {
  cursor,
  customerId,
  identity,
  page,
  purpose,
  reading,
  requireVerified,
  unknownCustomer,
} from '../arguments.ts';
import { listReply } from '../text/list-reply.ts';
import { authorOf, Markers, untrusted } from '../text/markers.ts';
import { minuteOf } from '../text/names.ts';
import { untrustedText } from '../text/untrusted-output.ts';
import { defineTool } from '../tool.ts';
import { channel } from './channels.ts';

const input = z.strictObject({
  customerId,
  query: z.string().min(1).max(200).optional().describe('Part of a subject or body.'),
  channel: channel.optional(),
  first: z.int().min(1).max(100).default(20),
  after: cursor,
  ...identity,
  purpose,
  ...reading,
});

const output = z.object({
  interactions: z.array(
    z.object({
      interactionId: z.string(),
      channel: z.string(),
      direction: z.string(),
      occurredAt: z.string(),
      subject: untrustedText.nullable(),
      excerpt: untrustedText.nullable(),
    }),
  ),
  ...page,
});

const document = `query McpSearchInteractions($by: CustomerKey!, $first: Int!, $after: String, $where: InteractionWhere) {
  customer(by: $by) { interactions(first: $first, after: $after, where: $where) {
    edges { cursor node { id channel direction kind occurredAt subject body actor { kind } } }
    pageInfo { hasNextPage endCursor } totalCount } } }`;

type Interaction = {
  id: string;
  channel: string;
  direction: string;
  kind: string;
  occurredAt: string;
  subject: string | null;
  body: string | null;
  actor: { kind: string };
};

type Found = {
  customer: {
    interactions: {
      edges: { cursor: string; node: Interaction }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
      totalCount: number;
    };
  } | null;
};

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
    const { customer } = await ask<Found>(document, variables, { purpose: args.purpose });
    if (!customer) throw unknownCustomer();
    const { edges, pageInfo, totalCount } = customer.interactions;
    const markers = new Markers();
    const most = args.responseFormat === 'detailed' ? 1_000 : 160;
    return listReply({
      maxTokens: args.maxTokens,
      head: `INTERACTIONS ${totalCount} in all. ${markers.notice}`,
      rows: edges.map(({ cursor, node }) => ({ cursor, ...rowOf(node, most, markers) })),
      omitted: (shown) =>
        shown < edges.length || pageInfo.hasNextPage
          ? 'OMITTED older interactions. Send `nextCursor` as `after`, or raise maxTokens.'
          : null,
      endCursor: pageInfo.hasNextPage ? pageInfo.endCursor : null,
      data: (interactions, nextCursor) => ({ interactions, total: totalCount, nextCursor }),
    });
  },
});

function rowOf({ id, channel, direction, kind, occurredAt, ...texts }: Interaction, most: number, markers: Markers) {
  const author = authorOf(texts.actor.kind);
  const subject = untrusted(texts.subject, author, id, 100);
  const excerpt = untrusted(texts.body, author, id, most);
  const quoted = [subject, excerpt].flatMap((text) => (text ? [markers.around(text.value)] : []));
  return {
    line: `${minuteOf(occurredAt)} ${channel} ${direction} ${kind} ${author}: ${quoted.join(' ') || 'no text'}`,
    data: { interactionId: id, channel, direction, occurredAt, subject, excerpt },
  };
}
