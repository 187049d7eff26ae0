import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { DomainError, invalid } from '../../lib/errors.ts';
import { setOrderPolicy } from '../../orders/actions/policies.ts';
import { shippedPolicies } from '../../orders/actions/policy-rules.ts';
import { printable } from '../printable.ts';
import { withWorkspace } from '../with-database.ts';

export function orderPolicyCommand(): Command {
  const command = new Command('order-policy').description('Sets and shows the rules of a workspace for order actions.');
  command
    .command('set')
    .requiredOption('--workspace <slug>', 'workspace of the policy')
    .argument(
      '<policy>',
      `path of a JSON file, or the name of a shipped policy: ${Object.keys(shippedPolicies).join(', ')}`,
    )
    .description('Puts a policy in force as the next version. Earlier versions stay readable.')
    .action(set);
  command
    .command('show')
    .requiredOption('--workspace <slug>', 'workspace of the policy')
    .option('--policy-version <number>', 'version to show (default: the one in force)')
    .description('Prints the rules of a policy as JSON.')
    .action(show);
  return command;
}

async function set(policy: string, { workspace: slug }: { workspace: string }): Promise<void> {
  const isShipped = Object.hasOwn(shippedPolicies, policy);
  const input = isShipped ? { shipped: policy } : { rules: await rulesIn(policy) };
  await withWorkspace(slug, async (db) => {
    const { id, outcome } = await setOrderPolicy(db, input);
    const where = { workspaceId_id: { workspaceId: db.workspaceId, id } };
    const { name, version } = await db.orderPolicy.findUniqueOrThrow({ where });
    const state = outcome === 'NOOP' ? 'was already in force' : 'is in force';
    console.log(printable(`${slug}: the policy "${name}" ${state} as version ${version}`));
  });
}

async function rulesIn(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => {
    const names = Object.keys(shippedPolicies).join(', ');
    throw new DomainError('NOT_FOUND', `Cannot read ${path}. Send the path of a JSON file, or one of: ${names}.`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`${path} is not valid JSON.`);
  }
}

async function show({ workspace: slug, policyVersion }: { workspace: string; policyVersion?: string }): Promise<void> {
  const version = policyVersion === undefined ? undefined : Number(policyVersion);
  if (version !== undefined && !Number.isInteger(version))
    throw invalid('`--policy-version` must be a whole number, such as 1.');
  await withWorkspace(slug, async (db) => {
    const where = { workspaceId: db.workspaceId, ...(version !== undefined && { version }) };
    const policy = await db.orderPolicy.findFirst({ where, orderBy: { version: 'desc' } });
    if (!policy)
      throw new DomainError(
        'NOT_FOUND',
        `The workspace ${slug} has no such order policy. Set one with \`order-policy set\`.`,
      );
    console.log(printable(JSON.stringify(policy.rules)));
  });
}
