import { enumFilter } from '../filters/filters.ts';
import { describedEnum } from './described-enum.ts';

// Interactions, consents and follow-ups share these channels, and none of these domains may import another.
export const InteractionChannelEnum = describedEnum(
  'InteractionChannel',
  'Channel of communication between the business and a customer.',
  {
    EMAIL: 'Message sent by email.',
    PHONE: 'Conversation over the telephone.',
    LIVE_CHAT: 'Live chat with a person.',
    CHATBOT: 'Chat with an automated agent.',
    SMS: 'Text message sent by SMS.',
    MESSAGING: 'Messaging app such as WhatsApp, Messenger or Telegram.',
    SOCIAL: 'Public post on a social network.',
    IN_PERSON: 'Conversation held in person.',
    WEB: 'Website or app of the business.',
    LETTER: 'Letter sent by post.',
    FAX: 'Message sent by fax.',
  },
);

export const ChannelFilter = enumFilter('InteractionChannel', InteractionChannelEnum);
