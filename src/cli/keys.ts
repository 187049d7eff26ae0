import { Command } from 'commander';
import { createApiKey, revokeApiKey } from '../access/api-keys.ts';
import { allScopes, readScopes } from '../access/scopes.ts';
import { invalid } from '../lib/errors.ts';
import { decodeIdOf, encodeId } from '../lib/ids.ts';
import { withWorkspace } from './with-database.ts';

type Create = { workspace: string; name: string; scopes?: string; json?: boolean };

export function keysCommand(): Command {
  const command = new Command('keys').description('Makes, lists and revokes the keys of a workspace.');
  command
    .command('create')
    .requiredOption('--workspace <slug>', 'workspace the key is for')
    .requiredOption('--name <name>', 'what it is for, for people')
    .option(
      '--scopes <scopes>',
      `scopes with commas between, or "all" (default: every …:read); there are ${allScopes.join(', ')}`,
    )
    .option('--json', 'print JSON')
    .description('Makes a key and prints its secret, this once.')
    .action(create);
  command
    .command('list')
    .requiredOption('--workspace <slug>', 'workspace')
    .description('Lists the keys, never their secrets.')
    .action(list);
  command
    .command('revoke')
    .requiredOption('--workspace <slug>', 'workspace')
    .argument('<id>', 'id of the key')
    .description('Revokes a key at once.')
    .action(revoke);
  return command;
}

async function create({ workspace: slug, name, scopes, json }: Create): Promise<void> {
  const wanted =
    scopes === undefined ? readScopes : scopes === 'all' ? allScopes : scopes.split(',').map((scope) => scope.trim());
  await withWorkspace(slug, async (db) => {
    const { id, secret } = await createApiKey(db, { name, scopes: wanted });
    const key = { id: encodeId('ApiKey', id), workspace: slug, name, scopes: wanted, secret };
    console.log(json ? JSON.stringify(key) : secret);
  });
}

async function list({ workspace: slug }: { workspace: string }): Promise<void> {
  await withWorkspace(slug, async (db) => {
    const keys = await db.apiKey.findMany({ where: { workspaceId: db.workspaceId }, orderBy: { createdAt: 'asc' } });
    for (const { id, name, prefix, scopes, revokedAt, expiresAt } of keys) {
      const state = revokedAt ? 'revoked' : expiresAt && expiresAt <= new Date() ? 'expired' : 'active';
      console.log([encodeId('ApiKey', id), name, `rapport_${prefix}_…`, state, scopes.join(',')].join('\t'));
    }
  });
}

async function revoke(key: string, { workspace: slug }: { workspace: string }): Promise<void> {
  const id = decodeIdOf('ApiKey', key);
  if (id === null) throw invalid('Is not the id of a key, such as keys list shows.', 'id');
  await withWorkspace(slug, async (db) => {
    await revokeApiKey(db, id);
    console.log(`revoked ${key}`);
  });
}
