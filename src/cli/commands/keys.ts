import { Command, Option } from 'commander';
import { createApiKey, revokeApiKey } from '../../access/api-keys.ts';
import { allScopes } from '../../access/scopes.ts';
import { Purpose } from '../../db/generated/prisma/enums.ts';
import { encodeId } from '../../lib/ids.ts';
import { printable } from '../printable.ts';
import { withWorkspace } from '../with-database.ts';

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
  const command = new Command('keys').description('Creates, lists and revokes the API keys of a workspace.');
  command
    .command('create')
    .requiredOption('--workspace <slug>', 'workspace of the key')
    .requiredOption('--name <name>', 'display name of the key')
    .option(
      '--scopes <scopes>',
      `comma-separated scopes, or "all" (default: all …:read scopes except keys:read; personal data requires pii:… scopes): ${allScopes.join(', ')}`,
    )
    .addOption(
      new Option('--kind <kind>', 'holder of the key: a server or an agent')
        .choices(['SECRET', 'AGENT'])
        .default('SECRET'),
    )
    .option('--expires-at <instant>', 'time at which the key expires (default: never)')
    .option(
      '--purposes <purposes>',
      `comma-separated purposes that the key may read data for (default: any): ${purposes.join(', ')}`,
    )
    .option('--json', 'print the key as JSON')
    .description('Creates a key and prints its secret, which is shown only once.')
    .action(create);
  command
    .command('list')
    .requiredOption('--workspace <slug>', 'workspace of the keys')
    .description('Lists the keys without their secrets.')
    .action(list);
  command
    .command('revoke')
    .requiredOption('--workspace <slug>', 'workspace of the key')
    .argument('<id>', 'ID of the key')
    .description('Revokes a key immediately.')
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
    console.log(`${outcome === 'NOOP' ? 'already revoked' : 'revoked'} ${printable(key)}`);
  });
}
