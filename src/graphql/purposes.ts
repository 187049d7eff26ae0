import { describedEnum } from './enums.ts';

export const PurposeEnum = describedEnum('Purpose', 'What personal data is read for.', {
  SUPPORT: 'To help somebody who asks.',
  ORDER_FULFILMENT: 'To deliver what was bought.',
  PERSONALISATION: 'To fit what we say to them.',
  MARKETING: 'To sell them something.',
  ANALYTICS: 'To learn from many.',
});
