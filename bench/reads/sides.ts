import { rapport, type Server, startServer } from '../servers.ts';
import type { AnyRead, Question } from './read.ts';
import { type Place, subjectOf } from './subject.ts';
import type { Workspace } from './workspace.ts';

/** Who answers a read. */
export type Side = 'limit' | 'Rapport' | 'Rapport, masked' | 'PostGraphile' | 'Pothos + Prisma';

/** A side with its request for one read. */
export type Contender = { side: Side; server: Server; bodyOf: (n: number) => string; authorization: string };

export type Servers = Map<string, Server>;

const commands = {
  limit: ['--import', 'tsx', 'bench/reads/limit.ts'],
  rapport,
  postgraphile: ['bench/reads/postgraphile.mjs'],
  pothos: ['--import', 'tsx', 'bench/reads/pothos.ts'],
};

/** Starts the servers that these reads need. */
export async function startServers({ seeded }: Workspace, reads: AnyRead[]): Promise<Servers> {
  const servers: Servers = new Map();
  for (const [i, [name, command]] of Object.entries(commands).entries()) {
    if (!reads.some((read) => name in read)) continue;
    const env = { DATABASE_URL: seeded.url, WORKSPACE_ID: seeded.workspaceId };
    servers.set(name, await startServer(command, 4_831 + i, env));
  }
  return servers;
}

/** Returns all sides of a read, the limit first. */
export function contendersOf(
  read: AnyRead,
  servers: Servers,
  place: Place,
  { secret, maskedSecret }: Workspace,
): Contender[] {
  const bodyOf =
    ({ text, variables }: Question) =>
    (n: number) =>
      JSON.stringify({ query: text, variables: variables(subjectOf(place, n)) });
  const sides: [Side, keyof typeof commands, Question | undefined, string][] = [
    ['limit', 'limit', read.limit && { ...read.limit, text: read.name }, ''],
    ['Rapport', 'rapport', read.rapport, `Bearer ${secret}`],
    ['Rapport, masked', 'rapport', read.isMasked && read.rapport, `Bearer ${maskedSecret}`],
    ['PostGraphile', 'postgraphile', read.postgraphile, ''],
    ['Pothos + Prisma', 'pothos', read.pothos, ''],
  ];
  return sides.flatMap(([side, name, question, authorization]) => {
    const server = servers.get(name);
    if (!server || !question) return [];
    return [{ side, server, bodyOf: bodyOf(question), authorization }];
  });
}
