import { contactFactsSql } from '../../db/contact-facts.ts';
import { builder } from '../../graphql/builder.ts';
import { timeOf } from '../../graphql/context.ts';
import { valueObject } from '../../graphql/cost/points.ts';
import { describedEnum } from '../../graphql/enums/described-enum.ts';
import { GestureKindEnum } from '../../graphql/enums/gesture-kinds.ts';
import { NextActionStatusEnum } from '../../graphql/enums/next-action-statuses.ts';
import { recordRead } from '../../graphql/personal-data/pii.ts';
import { computed, listOf, type SqlField } from '../../graphql/sql/sql-types.ts';
import { encodeId } from '../../lib/ids.ts';
import { piiScopes } from '../../lib/pii.ts';
import { overdueSince, own, resolved } from '../sql.ts';
import {
  type CustomerFacts,
  forMarketing,
  gesturesOf,
  type LedgerEntry,
  ledgerEntryOf,
  suppressions,
} from './gestures.ts';

const SuppressionEnum = describedEnum('GestureSuppression', 'Reason not to make a gesture.', suppressions);

const Gesture = builder.simpleObject('Gesture', {
  extensions: valueObject,
  description: 'Small gesture toward a customer that is due, or would be if it were not suppressed.',
  fields: (t) => ({
    kind: t.field({ type: GestureKindEnum, description: 'Kind of gesture to make.' }),
    since: t.field({ type: 'DateTime', description: 'When the gesture became due.' }),
    suppressedBy: t.field({
      type: SuppressionEnum,
      nullable: true,
      description: 'Reason not to make the gesture now. Null if none.',
    }),
    factIds: t.idList({ description: 'IDs of the facts behind the gesture.' }),
    nextActionId: t.id({
      nullable: true,
      description:
        'ID of the latest next action of this kind, suggested since the gesture became due. Null if there is none, or ' +
        'without the scope `next-actions:read`.',
    }),
    status: t.field({
      type: NextActionStatusEnum,
      nullable: true,
      description: 'Status of that next action. Null if there is none.',
    }),
  }),
});

const promised = `${own('Case', 'k')} AND k."promiseText" IS NOT NULL AND NOT ${resolved('k')}
  AND (k."promiseStatus" = 'BROKEN' OR (k."promiseDueAt" < c."at" AND k."promiseStatus" IS DISTINCT FROM 'KEPT'))`;

// Promises to the customer that are broken and not yet kept. Those of follow-ups take another scope than gestures.
const brokenPromises = (seesFollowUps: boolean) =>
  `SELECT 'Case' AS "type", k."id", coalesce(k."promiseDueAt", k."updatedAt") AS "dueAt" ${promised}${
    seesFollowUps
      ? ` UNION ALL SELECT 'FollowUp', f."id", f."dueAt" ${own('FollowUp', 'f')} AND f."kind" = 'PROMISE' AND f."status" = 'OPEN' AND f."dueAt" < c."at"`
      : ''
  }`;

// The latest next action of each kind, which takes another scope than gestures.
const ledger = (isSeen: boolean) =>
  isSeen
    ? `(SELECT coalesce(json_agg(x), '[]') FROM (SELECT DISTINCT ON (l."kind") l."id", l."kind", l."status", l."suggestedAt" ${own('NextAction', 'l')}
        ORDER BY l."kind", l."suggestedAt" DESC, l."id" DESC) x)`
    : `'[]'::json`;

const known = (
  scopes: ReadonlySet<string>,
) => `json_build_object('ledger', ${ledger(scopes.has('next-actions:read'))}, ${contactFactsSql('c', 'c."at"')}, 'customerId', c."id", 'birthMonth', c."birthMonth", 'birthDay', c."birthDay",
  'lastOutboundAt', (SELECT i."occurredAt" FROM (SELECT i.* ${own('Interaction', 'i')} ORDER BY i."occurredAt" DESC LIMIT 100) i
    WHERE i."direction" = 'OUTBOUND' ORDER BY i."occurredAt" DESC LIMIT 1),
  'hasOpenComplaint', EXISTS (SELECT 1 ${own('Case', 'k')} AND k."kind" = 'COMPLAINT' AND NOT ${resolved('k')}),
  'lastOrder', (SELECT row_to_json(x) FROM (SELECT o."id", o."placedAt" ${own('Order', 'o')}
    AND o."status" NOT IN ('DRAFT', 'CANCELED', 'EXPIRED') ORDER BY o."placedAt" DESC, o."id" DESC LIMIT 1) x),
  'resolvedCase', (SELECT row_to_json(x) FROM (SELECT k."id", k."resolvedAt" ${own('Case', 'k')}
    AND ${resolved('k')} AND k."resolvedAt" IS NOT NULL ORDER BY k."resolvedAt" DESC, k."id" DESC LIMIT 1) x),
  'brokenPromise', (SELECT row_to_json(x) FROM (${brokenPromises(scopes.has('follow-ups:read'))}
    ORDER BY "dueAt" DESC, "id" DESC LIMIT 1) x),
  'overdueSince', ${overdueSince})`;

export const gestures: SqlField = listOf(
  computed(
    Gesture,
    ({ compiler: { scopes } }) => [known(scopes)],
    (given, { context, owner, values }) => {
      const seesBirthdays = context.viewer.scopes.has(piiScopes.BIRTHDAY);
      const known = given as CustomerFacts & { ledger: LedgerEntry[] };
      const seen = seesBirthdays ? known : { ...known, birthMonth: null, birthDay: null };
      const all = gesturesOf(seen, (values.channel ?? null) as string | null, timeOf(context));
      const due = values.purpose === 'MARKETING' ? forMarketing(all) : all;
      if (due.some(({ kind }) => kind === 'BIRTHDAY')) recordRead(context, owner, 'BIRTHDAY');
      return due.map((gesture) => {
        const { grounds, since, ...rest } = gesture;
        const entry = ledgerEntryOf(gesture, known.ledger);
        return {
          ...rest,
          since: new Date(since),
          factIds: grounds.map(({ type, id }) => encodeId(type, id)),
          nextActionId: entry && encodeId('NextAction', entry.id),
          status: entry?.status ?? null,
        };
      });
    },
    'Gestures that are due, with the facts behind them and any reason not to make them.',
  ),
);
