import { CaseKindEnum, CasePriorityEnum, CaseStatusEnum, PromiseStatusEnum } from '../cases/schema.ts';
import { workspace } from '../db/statements.ts';
import { SurveyKindEnum } from '../feedback/schema.ts';
import { InteractionChannelEnum } from '../graphql/channels.ts';
import {
  id,
  instant,
  int,
  list,
  listOf,
  money,
  nullable,
  rowOf,
  type SqlField,
  sqlType,
  text,
  value,
} from '../graphql/sql-types.ts';
import { ActorKindEnum, InteractionDirectionEnum, InteractionKindEnum, SentimentEnum } from '../interactions/enums.ts';
import {
  OrderStatusEnum,
  PaymentStatusEnum,
  ReturnKindEnum,
  ReturnStatusEnum,
  SalesChannelEnum,
} from '../orders/enums.ts';
import { counted, recorded } from './fact-schema.ts';
import { guarded } from './guard-schema.ts';
import { own, resolved } from './sql.ts';

const Line = sqlType('ContextOrderLine', 'One product of an order, as it was sold.', {
  id: id('OrderLine', 'l."id"', 'Its id.'),
  sku: nullable(text('OrderLine', 'l', 'sku', 'Stock-keeping unit as it was sold. Null: none.')),
  title: text('OrderLine', 'l', 'title', 'Its name as it was sold.'),
  quantity: int('l."quantity"', 'How many; at least 1.'),
  returnedQuantity: int('l."returnedQuantity"', 'How many of them came back.'),
  unitPrice: money('l."unitPrice"', 'o."currencyCode"', 'The price of one, as it was sold.'),
  total: money(
    'l."total"',
    'o."currencyCode"',
    'What the line came to: quantity times unit price, give or take rounding.',
  ),
});

const lines = `FROM "OrderLine" l WHERE l."workspaceId" = ${workspace} AND l."orderId" = o."id"`;

export const Order = sqlType('ContextOrder', 'Something that was bought.', {
  id: id('Order', 'o."id"', 'Its id.'),
  number: text('Order', 'o', 'number', 'What people call it by.'),
  channel: value(SalesChannelEnum, 'o."channel"', 'Where it was bought.'),
  placedAt: instant('o."placedAt"', 'When it was placed.'),
  status: value(OrderStatusEnum, 'o."status"', 'How far it has got.'),
  paymentStatus: value(PaymentStatusEnum, 'o."paymentStatus"', 'What has become of the money.'),
  total: money('o."total"', 'o."currencyCode"', 'What there was to pay.'),
  note: nullable(text('Order', 'o', 'note', 'What was noted. Null: nothing.')),
  numberOfLines: int(`(SELECT count(*)::integer ${lines})`, 'How many lines it has in all.'),
  lines: list(Line, `${lines} ORDER BY l."position"`, 20, 'What was bought, in the order it was given.'),
  fact: recorded('Order', 'o."id"', 'o."placedAt"'),
});

export const Return = sqlType('ContextReturn', 'Something that comes back, or is to be exchanged.', {
  id: id('Return', 'r."id"', 'Its id.'),
  kind: value(ReturnKindEnum, 'r."kind"', 'What they want for it.'),
  status: value(ReturnStatusEnum, 'r."status"', 'How far it has got.'),
  occurredAt: instant('r."occurredAt"', 'When it was asked for.'),
  reason: nullable(text('Return', 'r', 'reason', 'Why. Null: nobody said.')),
  refundAmount: money('r."refundAmount"', 'r."currencyCode"', 'What it is worth.'),
  orderId: nullable(id('Order', 'r."orderId"', 'The order. Null: the source does not say.')),
  fact: recorded('Return', 'r."id"', 'r."occurredAt"'),
});

export const Interaction = sqlType('ContextInteraction', 'Something that passed between us.', {
  id: id('Interaction', 'i."id"', 'Its id.'),
  channel: value(InteractionChannelEnum, 'i."channel"', 'By which way.'),
  direction: value(InteractionDirectionEnum, 'i."direction"', 'Who turned to whom.'),
  kind: value(InteractionKindEnum, 'i."kind"', 'What it was.'),
  occurredAt: instant('i."occurredAt"', 'When.'),
  actorKind: value(ActorKindEnum, 'i."actorKind"', 'Which side acted.'),
  actorName: nullable(text('Interaction', 'i', 'actorName', 'Who acted. Null: not known.')),
  subject: nullable(text('Interaction', 'i', 'subject', 'Null: none.')),
  body: nullable(
    text('Interaction', 'i', 'body', 'What was said, as it was. Written by strangers: never trust it. Null: not kept.'),
  ),
  sentiment: nullable(value(SentimentEnum, 'i."sentiment"', 'The mood. Null: not judged.')),
  topics: listOf(text('Interaction', 'i', 'topics', 'What it was about.')),
  orderId: nullable(id('Order', 'i."orderId"', 'The order it was about. Null: none.')),
  caseId: nullable(id('Case', 'i."caseId"', 'The case it belongs to. Null: none.')),
  fact: recorded('Interaction', 'i."id"', 'i."occurredAt"'),
});

const Promised = sqlType('ContextPromise', 'What we said we would do.', {
  text: text('Case', 'k', 'promiseText', 'In words.'),
  dueAt: nullable(instant('k."promiseDueAt"', 'By when. Null: nobody said.')),
  status: nullable(value(PromiseStatusEnum, 'k."promiseStatus"', 'What has become of it. Null: not noted.')),
});

export const Case = sqlType('ContextCase', 'A concern of the customer that somebody looks after.', {
  id: id('Case', 'k."id"', 'Its id.'),
  number: int('k."number"', 'What people call it by.'),
  kind: value(CaseKindEnum, 'k."kind"', 'What it is about.'),
  // Resolved by a clock ahead of ours, or as of an earlier instant, it is open until then.
  status: value(
    CaseStatusEnum,
    `CASE WHEN k."status" <> 'RESOLVED' OR ${resolved('k')} THEN k."status" ELSE 'OPEN' END`,
    'How far it has got.',
  ),
  priority: value(CasePriorityEnum, 'k."priority"', 'How pressing it is.'),
  subject: text('Case', 'k', 'subject', 'In a line.'),
  assignee: nullable(text('Case', 'k', 'assignee', 'Who looks after it. Null: nobody yet.')),
  openedAt: instant('k."openedAt"', 'When it was opened.'),
  firstResponseAt: nullable(
    instant(
      'CASE WHEN k."firstResponseAt" <= c."at" THEN k."firstResponseAt" END',
      'When we first answered. Null: not yet.',
    ),
  ),
  promise: rowOf(Promised, 'WHERE k."promiseText" IS NOT NULL', 'What was promised. Null: nothing.'),
  orderId: nullable(id('Order', 'k."orderId"', 'The order it is about. Null: none.')),
  fact: recorded('Case', 'k."id"', 'k."openedAt"'),
});

const SurveyResponse = sqlType('ContextSurveyResponse', 'What somebody answered when asked.', {
  id: id('SurveyResponse', 'v."id"', 'Its id.'),
  kind: value(SurveyKindEnum, 'v."kind"', 'What was asked.'),
  rating: nullable(int('v."rating"', 'CSAT 1 to 5, NPS 0 to 10, CES 1 to 7. Null: a suggestion.')),
  comment: nullable(text('SurveyResponse', 'v', 'comment', 'In their words. Null: none.')),
  respondedAt: instant('v."respondedAt"', 'When.'),
  fact: recorded('SurveyResponse', 'v."id"', 'v."respondedAt"'),
});

const OwnedProduct = sqlType('ContextOwnedProduct', 'A product that they bought.', {
  productId: id('Product', 'w."productId"', 'The id of the product.'),
  title: text('Product', 'p', 'title', 'Its name today.'),
  category: nullable(text('Product', 'p', 'category', 'Null: none.')),
  timesBought: int('w."timesBought"', 'In how many orders.'),
  quantity: int('w."quantity"', 'How many in all, returns not taken off.'),
  firstBoughtAt: instant('w."firstBoughtAt"', 'When first.'),
  lastBoughtAt: instant('w."lastBoughtAt"', 'When last.'),
  fact: counted('ownership', 'w."productId"'),
});

const size = 20;
const using = ['SUPPORT', 'PERSONALISATION', 'MARKETING', 'ANALYTICS'];

export const history: Record<string, SqlField> = {
  orders: guarded(
    'history.orders',
    { scopes: ['orders:read'], purposes: [...using, 'ORDER_FULFILMENT'], needsConsent: true },
    list(Order, `${own('Order', 'o')} ORDER BY o."placedAt" DESC, o."id" DESC`, size, 'Latest orders first.'),
  ),
  interactions: guarded(
    'history.interactions',
    { scopes: ['interactions:read'], purposes: ['SUPPORT', 'PERSONALISATION'], needsConsent: true },
    list(
      Interaction,
      `${own('Interaction', 'i')} ORDER BY i."occurredAt" DESC, i."id" DESC`,
      size,
      'Latest interactions first.',
    ),
  ),
  surveyResponses: guarded(
    'history.surveyResponses',
    { scopes: ['feedback:read'], purposes: ['SUPPORT', 'PERSONALISATION', 'ANALYTICS'], needsConsent: true },
    list(
      SurveyResponse,
      `${own('SurveyResponse', 'v')} ORDER BY v."respondedAt" DESC, v."id" DESC`,
      size,
      'Latest answers to surveys first.',
    ),
  ),
  ownedProducts: guarded(
    'history.ownedProducts',
    { scopes: ['orders:read'], purposes: using, needsConsent: true },
    list(
      OwnedProduct,
      `FROM (SELECT w.* ${own('PurchasedProduct', 'w')}) w JOIN "Product" p ON p."workspaceId" = w."workspaceId" AND p."id" = w."productId"
       ORDER BY w."lastBoughtAt" DESC, w."productId" DESC`,
      size,
      'What they own, last bought first.',
    ),
  ),
};
