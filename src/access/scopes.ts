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

/** Everything a key can be allowed: noun by noun, and by class of personal data that it sees unmasked. */
export const allScopes: string[] = [
  'workspace:read',
  ...nouns.flatMap((noun) => [`${noun}:read`, `${noun}:write`]),
  'audit:read',
  issuingScope,
  freeDocumentsScope,
  ...Object.values(piiScopes),
];

/** What a key may do when nothing else is said: read all but keys, audit and privacy, with personal data masked. */
export const readScopes = allScopes.filter(
  (scope) => scope.endsWith(':read') && !['keys:read', 'audit:read', 'privacy:read'].includes(scope),
);
