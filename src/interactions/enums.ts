import { describedEnum } from '../graphql/enums/described-enum.ts';

export const InteractionDirectionEnum = describedEnum(
  'InteractionDirection',
  'Direction of an interaction, seen from the business.',
  {
    INBOUND: 'Contact from the customer to the business.',
    OUTBOUND: 'Contact from the business to the customer.',
    INTERNAL: 'Internal exchange about the customer.',
  },
);

export const InteractionKindEnum = describedEnum('InteractionKind', 'Kind of interaction, such as a message or call.', {
  MESSAGE: 'Written message on any channel.',
  CALL: 'Conversation by phone or video.',
  VISIT: 'Visit made in person.',
  PAGE_VIEW: 'View of a web page.',
  NOTE: 'Note written by staff.',
  SURVEY: 'Survey sent or answered.',
  SYSTEM: 'Action taken by a system.',
});

export const SentimentEnum = describedEnum('Sentiment', 'Tone of an interaction.', {
  NEGATIVE: 'Displeased or negative tone.',
  NEUTRAL: 'Neither negative nor positive tone.',
  POSITIVE: 'Pleased or positive tone.',
});
