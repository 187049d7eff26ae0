import * as z from 'zod';
import { customerId, identity, page, purpose, reading, requireVerified, unknownCustomer } from '../arguments.ts';
import { ToolError } from '../ask.ts';
import { type Action, actionOutput } from '../next-actions/action-row.ts';
import { dueListInput, dueListReply } from '../next-actions/due-lists.ts';
import { type Offers, offerFields, offerPurposes, offerRows } from '../next-actions/offers.ts';
import { listReply, type Row } from '../text/list-reply.ts';
import { Markers, untrusted } from '../text/markers.ts';
import { dayOf, minuteOf } from '../text/names.ts';
import { defineTool } from '../tool.ts';
import { channel } from './channels.ts';

const input = z.strictObject({
  customerId: customerId.optional(),
  ...identity,
  purpose,
  channel: channel.optional(),
  ...dueListInput,
  ...reading,
});

const output = z.object({ actions: z.array(actionOutput), ...page });

const document = `query McpNextActions($by: CustomerKey!, $purpose: Purpose!, $channel: InteractionChannel, $offers: Boolean!) {
  customerContext(by: $by, purpose: $purpose, channel: $channel) {
    gestures { kind since suppressedBy status factIds }
    now { openFollowUps(first: 20) { id kind status text dueAt } }
    ${offerFields}
    withheld { what reason needs }
  }
}`;

type Found = {
  customerContext: {
    gestures:
      | { kind: string; since: string; suppressedBy: string | null; status: string | null; factIds: string[] }[]
      | null;
    now: { openFollowUps: { id: string; kind: string; status: string; text: string; dueAt: string }[] | null };
    value?: Offers | null;
    withheld: { what: string; reason: string; needs: string[] }[];
  } | null;
};

export const suggestNextActions = defineTool({
  name: 'suggest_next_actions',
  title: 'Suggest next actions',
  description:
    'Says what to do next for a verified customer: open promises and follow-ups, gestures that are due, and for ' +
    'PERSONALISATION or MARKETING products to offer. `blockedBy` is a reason to wait, `status` what was done about a ' +
    'gesture. With `list` instead of a customer, names all customers for whom something is due in `days`.',
  scopes: ['customers:read', 'follow-ups:read'],
  effect: 'READ',
  input,
  output,
  async run(args, { ask }) {
    const { customerId, list } = args;
    if ((customerId === undefined) === (list === undefined))
      throw new ToolError('INVALID_INPUT', 'Send either `customerId` or `list`.');
    if (list !== undefined) return dueListReply({ ...args, list }, ask);
    requireVerified(args);
    const stated = args.purpose ?? 'SUPPORT';
    const offers = offerPurposes.includes(stated);
    const variables = { by: { id: customerId }, purpose: stated, channel: args.channel ?? null, offers };
    const { customerContext: context } = await ask<Found>(document, variables, { purpose: stated });
    if (!context) throw unknownCustomer();
    const { gestures, now, value } = context;
    const shown = ['gestures', 'now.openFollowUps', ...(offers ? ['value'] : [])];
    const hidden = [
      ...context.withheld.filter(({ what }) => shown.includes(what)),
      ...(offers ? [] : [{ what: 'offers', reason: 'PURPOSE', needs: offerPurposes }]),
    ];
    if (!gestures && !now.openFollowUps && !value)
      throw new ToolError('FORBIDDEN', `Next actions are withheld: ${hidden.map(reasonOf).join('; ')}.`);
    const markers = new Markers();
    const rows: Row<Action>[] = [
      ...(now.openFollowUps ?? []).map(({ id, kind, status, text, dueAt }) => {
        const said = untrusted(text, 'STAFF', id, 160);
        const action = { kind, since: dueAt, blockedBy: null, status, factIds: [id] };
        return {
          line: `${kind} ${status} due ${minuteOf(dueAt)}${said ? `: ${markers.around(said.value)}` : ''}`,
          data: action,
        };
      }),
      ...(gestures ?? []).map(({ kind, since, suppressedBy, status, factIds }) => {
        const parts = [kind, `since ${dayOf(since)}`, status, suppressedBy && `blocked by ${suppressedBy}`];
        const action = { kind, since, blockedBy: suppressedBy, status, factIds };
        return { line: parts.filter(Boolean).join(' '), data: action };
      }),
      ...(value ? offerRows(value) : []),
    ];
    const left = hidden.length > 0 ? ` WITHHELD ${hidden.map(reasonOf).join('; ')}.` : '';
    return listReply({
      maxTokens: args.maxTokens,
      head: `NEXT ACTIONS ${rows.length === 0 ? 'none' : rows.length}.${left} ${markers.notice}`,
      rows,
      omitted: (count) => (count < rows.length ? `OMITTED ${rows.length - count}: more maxTokens` : null),
      data: (actions) => ({ actions, total: rows.length, nextCursor: null }),
    });
  },
});

function reasonOf({ what, reason, needs }: { what: string; reason: string; needs: string[] }): string {
  return `${what} (${reason}: ${needs.join(', ')})`;
}
