import { describedEnum } from '../graphql/enums.ts';

export const InteractionDirectionEnum = describedEnum('InteractionDirection', 'Who turned to whom.', {
  INBOUND: 'The customer to us.',
  OUTBOUND: 'We to the customer.',
  INTERNAL: 'Among ourselves, about the customer.',
});

export const InteractionKindEnum = describedEnum('InteractionKind', 'What it was.', {
  MESSAGE: 'Something written.',
  CALL: 'A conversation by phone or video.',
  VISIT: 'A visit in person.',
  PAGE_VIEW: 'A page looked at.',
  NOTE: 'A note of staff.',
  SURVEY: 'A survey sent or answered.',
  SYSTEM: 'Something a system did.',
});

export const ActorKindEnum = describedEnum('ActorKind', 'Who acted.', {
  CUSTOMER: 'The customer.',
  STAFF: 'One of us.',
  BOT: 'A machine that speaks.',
  SYSTEM: 'A machine that does not.',
});

export const SentimentEnum = describedEnum('Sentiment', 'The mood of what was said.', {
  NEGATIVE: 'Displeased.',
  NEUTRAL: 'Neither.',
  POSITIVE: 'Pleased.',
});
