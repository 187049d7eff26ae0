import * as z from 'zod';
import type { Database } from '../db/database.ts';
import { Prisma } from '../db/generated/prisma/client.ts';
import { dataVersion } from '../lib/data-version.ts';
import { DomainError } from '../lib/errors.ts';
import { countryCode, name, parseInput } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';

export type WorkspaceRow = {
  id: string;
  slug: string;
  name: string;
  defaultCountry: string | null;
  dataVersion: number;
  createdAt: Date;
};

const newWorkspace = z.object({
  slug: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]{0,62}$/,
      'Must be 1 to 63 lowercase letters, digits and dashes, and must not start with a dash.',
    ),
  name: name(),
  defaultCountry: countryCode().optional(),
});

export async function createWorkspace(database: Database, input: z.input<typeof newWorkspace>): Promise<WorkspaceRow> {
  const { slug, name, defaultCountry } = parseInput(newWorkspace, input);
  const id = newId();
  try {
    return await database
      .forWorkspace(id)
      .workspace.create({ data: { id, slug, name, defaultCountry: defaultCountry ?? null, dataVersion } });
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    throw new DomainError('CONFLICT', `A workspace with the slug ${slug} already exists.`, { field: ['slug'] });
  }
}

/** Lists all workspaces, ordered by slug. */
export async function listWorkspaces(database: Database): Promise<WorkspaceRow[]> {
  const { rows } = await database.pool.query<WorkspaceRow>('SELECT * FROM rapport_workspaces()');
  return rows;
}

export async function findWorkspace(database: Database, slug: string): Promise<WorkspaceRow> {
  const workspace = (await listWorkspaces(database)).find((each) => each.slug === slug);
  if (!workspace) throw new DomainError('NOT_FOUND', `No workspace has the slug ${slug}.`);
  return workspace;
}
