import * as z from 'zod';

/** Channels of interactions. */
export const channel = z.enum([
  'EMAIL',
  'PHONE',
  'LIVE_CHAT',
  'CHATBOT',
  'SMS',
  'MESSAGING',
  'SOCIAL',
  'IN_PERSON',
  'WEB',
  'LETTER',
  'FAX',
]);
