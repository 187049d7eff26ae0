import { describedEnum } from './described-enum.ts';

// Interactions and the hand-offs of cases share these kinds, and neither domain may import the other.
export const ActorKindEnum = describedEnum('ActorKind', 'Kind of actor in an interaction or hand-off.', {
  CUSTOMER: 'Customer of the business.',
  STAFF: 'Staff member of the business.',
  BOT: 'Bot that talks to customers.',
  SYSTEM: 'System that does not talk to customers.',
});
