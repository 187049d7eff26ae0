import { list, rowsOf, type SqlField } from '../../graphql/sql/sql-types.ts';
import { guarded } from '../guard-schema.ts';
import { own } from '../sql.ts';

const size = 20;
const using = ['SUPPORT', 'PERSONALISATION', 'MARKETING', 'ANALYTICS'];

export const history: Record<string, SqlField> = {
  orders: guarded(
    'history.orders',
    { scopes: ['orders:read'], purposes: [...using, 'ORDER_FULFILMENT'], needsConsent: true },
    list(
      rowsOf('Order', 'o'),
      `${own('Order', 'o')} ORDER BY o."placedAt" DESC, o."id" DESC`,
      size,
      'Orders of the customer, newest first.',
    ),
  ),
  interactions: guarded(
    'history.interactions',
    { scopes: ['interactions:read'], purposes: ['SUPPORT', 'PERSONALISATION'], needsConsent: true },
    list(
      rowsOf('Interaction', 'i'),
      `${own('Interaction', 'i')} ORDER BY i."occurredAt" DESC, i."id" DESC`,
      size,
      'Interactions with the customer, newest first.',
    ),
  ),
  surveyResponses: guarded(
    'history.surveyResponses',
    { scopes: ['feedback:read'], purposes: ['SUPPORT', 'PERSONALISATION', 'ANALYTICS'], needsConsent: true },
    list(
      rowsOf('SurveyResponse', 'v'),
      `${own('SurveyResponse', 'v')} ORDER BY v."respondedAt" DESC, v."id" DESC`,
      size,
      'Survey responses of the customer, newest first.',
    ),
  ),
  purchasedProducts: guarded(
    'history.purchasedProducts',
    { scopes: ['orders:read'], purposes: using, needsConsent: true },
    list(
      rowsOf('PurchasedProduct', 'w'),
      `${own('PurchasedProduct', 'w')} ORDER BY w."lastBoughtAt" DESC, w."productId" DESC`,
      size,
      'Products the customer bought, latest purchase first.',
    ),
  ),
};
