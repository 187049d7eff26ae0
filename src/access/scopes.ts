import { freeDocumentsScope } from '../lib/free-documents.ts';
import { piiScopes } from '../lib/pii.ts';
import { issuingScope } from './customer-tokens.ts';

const nouns = [
  'customers',
  'products',
  'orders',
  'preferences',
  'interactions',
  'cases',
  'feedback',
  'privacy',
  'keys',
] as const;

/** Every scope a key can have: to read and write each noun, and to see each class of personal data unmasked. */
export const allScopes: string[] = [
  'workspace:read',
  ...nouns.flatMap((noun) => [`${noun}:read`, `${noun}:write`]),
  'audit:read',
  issuingScope,
  freeDocumentsScope,
  ...Object.values(piiScopes),
];

/** Default scopes of a key: read everything except keys, audit and privacy, with personal data masked. */
export const readScopes = allScopes.filter(
  (scope) => scope.endsWith(':read') && !['keys:read', 'audit:read', 'privacy:read'].includes(scope),
);
