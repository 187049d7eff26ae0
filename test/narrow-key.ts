import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import type { Tenant } from './api.ts';

/** Creates a key of the workspace with all scopes but these. Returns its secret. */
export async function keyWithout({ db }: Tenant, ...scopes: string[]): Promise<string> {
  const { secret } = await createApiKey(db, {
    name: 'narrow',
    scopes: allScopes.filter((scope) => !scopes.includes(scope)),
  });
  return secret;
}
