import { z } from 'zod';
import { customerId, identity, purpose, reading, requireVerified, unknownCustomer } from '../arguments.ts';
import { ToolError } from '../ask.ts';
import { listReply, type Row } from '../text/list-reply.ts';
import { Markers, untrusted } from '../text/markers.ts';
import { dayOf, minuteOf } from '../text/names.ts';
import { defineTool } from '../tool.ts';
import { channel } from './channels.ts';

const input = z.strictObject({ customerId, ...identity, purpose, channel: channel.optional(), ...reading });

const output = z.object({
  actions: z.array(
    z.object({
      kind: z.string(),
      since: z.string(),
      blockedBy: z.string().nullable(),
      status: z.string().nullable(),
      factIds: z.array(z.string()),
    }),
  ),
});

const document = `query McpNextActions($by: CustomerKey!, $purpose: Purpose!, $channel: InteractionChannel) {
  customerContext(by: $by, purpose: $purpose, channel: $channel) {
    gestures { kind since suppressedBy status factIds }
    now { openFollowUps(first: 20) { id kind status text dueAt } }
    withheld { what reason needs }
  }
}`;

type Found = {
  customerContext: {
    gestures:
      | { kind: string; since: string; suppressedBy: string | null; status: string | null; factIds: string[] }[]
      | null;
    now: { openFollowUps: { id: string; kind: string; status: string; text: string; dueAt: string }[] | null };
    withheld: { what: string; reason: string; needs: string[] }[];
  } | null;
};

type Action = z.input<typeof output>['actions'][number];

export const suggestNextActions = defineTool({
  name: 'suggest_next_actions',
  title: 'Suggest next actions',
  description:
    'Says what to do next for a verified customer: open promises and follow-ups, then gestures that are due, such as an ' +
    'apology. `blockedBy` is a reason to wait, `status` what was done about a gesture.',
  scopes: ['customers:read', 'follow-ups:read'],
  effect: 'READ',
  input,
  output,
  async run(args, { ask }) {
    requireVerified(args);
    const stated = args.purpose ?? 'SUPPORT';
    const variables = { by: { id: args.customerId }, purpose: stated, channel: args.channel ?? null };
    const { customerContext: context } = await ask<Found>(document, variables, { purpose: stated });
    if (!context) throw unknownCustomer();
    const { gestures, now, withheld } = context;
    const hidden = withheld.filter(({ what }) => what === 'gestures' || what === 'now.openFollowUps');
    if (!gestures && !now.openFollowUps)
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
        const shown = [kind, `since ${dayOf(since)}`, status, suppressedBy && `blocked by ${suppressedBy}`];
        const action = { kind, since, blockedBy: suppressedBy, status, factIds };
        return { line: shown.filter(Boolean).join(' '), data: action };
      }),
    ];
    const left = hidden.length > 0 ? ` WITHHELD ${hidden.map(reasonOf).join('; ')}.` : '';
    return listReply({
      maxTokens: args.maxTokens,
      head: `NEXT ACTIONS ${rows.length === 0 ? 'none' : rows.length}.${left} ${markers.notice}`,
      rows,
      omitted: (shown) => (shown < rows.length ? `OMITTED ${rows.length - shown}: more maxTokens` : null),
      data: (actions) => ({ actions }),
    });
  },
});

function reasonOf({ what, reason, needs }: { what: string; reason: string; needs: string[] }): string {
  return `${what} (${reason}: ${needs.join(', ')})`;
}
