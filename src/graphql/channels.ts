import { describedEnum } from './enums.ts';

// Interactions and consents speak of the same channels; neither domain may import the other.
export const InteractionChannelEnum = describedEnum(
  'InteractionChannel',
  'A way by which we and customers reach each other.',
  {
    EMAIL: 'E-mail.',
    PHONE: 'Telephone.',
    LIVE_CHAT: 'Chat with a person.',
    CHATBOT: 'Chat with a machine.',
    SMS: 'Text message.',
    MESSAGING: 'WhatsApp, Messenger, Telegram and the like.',
    SOCIAL: 'A social network, in the open.',
    IN_PERSON: 'Face to face.',
    WEB: 'A web site or app.',
    LETTER: 'Post.',
    FAX: 'Fax.',
  },
);
