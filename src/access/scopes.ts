import { domains } from '../domains.ts';
import { freeDocumentsScope } from '../lib/free-documents.ts';
import { piiScopes } from '../lib/pii.ts';
import type { Domain, Scope } from '../manifest.ts';

/** Scope that a key needs to create customer tokens. */
export const issuingScope = 'tokens:write';

const scopes = Object.values<Domain>(domains).flatMap(({ scopes = [] }) => scopes);

const readScope = ({ noun }: Scope) => `${noun}:read`;

/** All scopes that a key can have: to read and write each noun, and to see each class of personal data unmasked. */
export const allScopes: string[] = [
  ...scopes.flatMap((scope) => [readScope(scope), ...(scope.isReadOnly ? [] : [`${scope.noun}:write`])]),
  issuingScope,
  freeDocumentsScope,
  ...Object.values(piiScopes),
];

/** Default scopes of a key: read everything except keys, audit and privacy, with personal data masked. */
export const readScopes = scopes.filter(({ readers }) => readers !== 'NONE').map(readScope);

/** Scopes that a customer token can have. */
export const customerScopes = [
  ...scopes.filter(({ readers }) => readers === 'CUSTOMERS').map(readScope),
  ...Object.values(piiScopes),
];
