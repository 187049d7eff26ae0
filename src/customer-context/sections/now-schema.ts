import { workspace } from '../../db/statements.ts';
import { list, rowsOf, sqlType } from '../../graphql/sql/sql-types.ts';
import { guarded } from '../guard-schema.ts';
import { own, resolved } from '../sql.ts';

const size = 10;
const serving = ['SUPPORT', 'ORDER_FULFILMENT', 'PERSONALISATION'];

export const Now = sqlType('ContextNow', 'Cases, follow-ups, orders, returns and messages that are still open.', {
  openCases: guarded(
    'now.openCases',
    { scopes: ['cases:read'], purposes: ['SUPPORT', 'PERSONALISATION'], needsConsent: true },
    list(
      rowsOf('Case', 'k'),
      `${own('Case', 'k')} AND NOT ${resolved('k')} ORDER BY k."priority" DESC, k."openedAt", k."id"`,
      size,
      'Unresolved cases with their promises, highest priority first.',
    ),
  ),
  openFollowUps: guarded(
    'now.openFollowUps',
    { scopes: ['follow-ups:read'], purposes: ['SUPPORT', 'PERSONALISATION'], needsConsent: true },
    list(
      rowsOf('FollowUp', 'f'),
      `${own('FollowUp', 'f')} AND f."status" = 'OPEN' ORDER BY (f."kind" = 'PROMISE') DESC, f."dueAt", f."id"`,
      size,
      'Promises and then follow-ups that are neither completed nor canceled, earliest due first. Overdue promises are ' +
        '`BROKEN`.',
    ),
  ),
  undeliveredOrders: guarded(
    'now.undeliveredOrders',
    { scopes: ['orders:read'], purposes: serving, needsConsent: true },
    list(
      rowsOf('Order', 'o'),
      `FROM (SELECT o.* ${own('Order', 'o')} ORDER BY o."placedAt" DESC, o."id" DESC LIMIT 100) o
       WHERE o."status" IN ('UNCONFIRMED', 'UNFULFILLED', 'PARTIALLY_FULFILLED') OR (o."status" = 'FULFILLED' AND EXISTS (
         SELECT 1 FROM "Fulfillment" f WHERE f."workspaceId" = ${workspace} AND f."orderId" = o."id" AND f."status" IN ('PENDING', 'IN_TRANSIT')))
       ORDER BY o."placedAt", o."id"`,
      size,
      'Undelivered orders among the latest 100 orders, longest waiting first.',
    ),
  ),
  returnsInProgress: guarded(
    'now.returnsInProgress',
    { scopes: ['orders:read'], purposes: serving, needsConsent: true },
    list(
      rowsOf('Return', 'r'),
      `${own('Return', 'r')} AND r."status" IN ('REQUESTED', 'APPROVED', 'RECEIVED') ORDER BY r."occurredAt", r."id"`,
      size,
      'Returns and exchanges that are neither completed nor rejected, longest waiting first.',
    ),
  ),
  unansweredMessages: guarded(
    'now.unansweredMessages',
    { scopes: ['interactions:read'], purposes: ['SUPPORT', 'PERSONALISATION'], needsConsent: true },
    list(
      rowsOf('Interaction', 'i'),
      `FROM (SELECT i.*, max(i."occurredAt") FILTER (WHERE i."direction" = 'OUTBOUND') OVER () AS "answeredAt"
         FROM (SELECT i.* ${own('Interaction', 'i')} ORDER BY i."occurredAt" DESC, i."id" DESC LIMIT 100) i) i
       WHERE i."direction" = 'INBOUND' AND i."kind" IN ('MESSAGE', 'CALL') AND (i."answeredAt" IS NULL OR i."occurredAt" > i."answeredAt")
       ORDER BY i."occurredAt", i."id"`,
      size,
      'Inbound messages and calls since the last outbound contact, longest waiting first. Covers the latest 100 ' +
        'interactions.',
    ),
  ),
});
