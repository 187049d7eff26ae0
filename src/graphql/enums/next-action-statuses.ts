import { describedEnum } from './described-enum.ts';

// Contexts and next actions share these statuses, and neither domain may import the other.
export const NextActionStatusEnum = describedEnum('NextActionStatus', 'Status of a gesture toward a customer.', {
  SUGGESTED: 'Someone suggested the gesture.',
  APPROVED: 'The gesture was approved, but not offered yet.',
  OFFERED: 'The gesture was offered to the customer.',
  REDEEMED: 'The customer accepted or used the gesture.',
  DISMISSED: 'The gesture was dropped before it was redeemed.',
});
