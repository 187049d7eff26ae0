import { Command, Option } from 'commander';
import { createApiKey, revokeApiKey } from '../access/api-keys.ts';
import { allScopes } from '../access/scopes.ts';
import { Purpose } from '../db/generated/prisma/enums.ts';
import { encodeId } from '../lib/ids.ts';
import { printable } from './printable.ts';
import { withWorkspace } from './with-database.ts';

type Create = {
  workspace: string;
  name: string;
  kind: string;
  scopes?: string;
  purposes?: string;
  expiresAt?: string;
  json?: boolean;
};

const purposes = Object.values(Purpose);

export function keysCommand(): Command {
  const command = new Command('keys').description('Makes, lists and revokes the keys of a workspace.');
  command
    .command('create')
    .requiredOption('--workspace <slug>', 'workspace the key is for')
    .requiredOption('--name <name>', 'what it is for, for people')
    .option(
      '--scopes <scopes>',
      `scopes with commas between, or "all" (default: every …:read but keys:read; personal data needs pii:…); there are ${allScopes.join(', ')}`,
    )
    .addOption(new Option('--kind <kind>', 'who holds it').choices(['SECRET', 'AGENT']).default('SECRET'))
    .option('--expires-at <instant>', 'from when on it is refused (default: never)')
    .option(
      '--purposes <purposes>',
      `what it may read for, with commas between (default: anything): ${purposes.join(', ')}`,
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

async function create({
  workspace: slug,
  name,
  kind,
  scopes: given,
  purposes: named,
  expiresAt,
  json,
}: Create): Promise<void> {
  const listOf = (text: string | undefined) => text?.split(',').map((each) => each.trim());
  const wanted = { scopes: given === 'all' ? allScopes : listOf(given), purposes: listOf(named) };
  await withWorkspace(slug, async (db) => {
    const { id, secret, scopes } = await createApiKey(db, { name, kind, ...wanted, expiresAt });
    const key = { id: encodeId('ApiKey', id), workspace: slug, name, kind, scopes, secret };
    console.log(json ? printable(JSON.stringify(key)) : secret);
  });
}

async function list({ workspace: slug }: { workspace: string }): Promise<void> {
  await withWorkspace(slug, async (db) => {
    const keys = await db.apiKey.findMany({ where: { workspaceId: db.workspaceId }, orderBy: { createdAt: 'asc' } });
    for (const { id, name, kind, prefix, scopes, revokedAt, expiresAt, lastUsedAt } of keys) {
      const state = revokedAt ? 'revoked' : expiresAt && expiresAt <= new Date() ? 'expired' : 'active';
      const used = lastUsedAt ? `used ${lastUsedAt.toISOString()}` : 'never used';
      console.log(
        [encodeId('ApiKey', id), printable(name), kind, `rapport_${prefix}_…`, state, used, scopes.join(',')].join(
          '\t',
        ),
      );
    }
  });
}

async function revoke(key: string, { workspace: slug }: { workspace: string }): Promise<void> {
  await withWorkspace(slug, async (db) => {
    const { outcome } = await revokeApiKey(db, { id: key });
    console.log(`${outcome === 'NOOP' ? 'was revoked before:' : 'revoked'} ${printable(key)}`);
  });
}
