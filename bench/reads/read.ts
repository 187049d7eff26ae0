import type { Bound } from '../budgets.ts';
import type { Facts } from './facts.ts';
import type { Subject } from './subject.ts';

/** A GraphQL document, or for the limit one SQL statement whose parameters are the workspace and these variables. */
export type Question = { text: string; variables: (subject: Subject) => Record<string, unknown> };

/** A read that only Rapport answers here. */
export type Read = {
  name: string;
  rapport: Question;
  /** Maximum number of SQL statements. None for a write. */
  statements?: number;
};

/** A read that is measured side by side. All sides answer with the same data. */
export type ComparedRead = Read & {
  title: string;
  /** Whether it writes, so that each request adds a row. */
  isWrite?: true;
  limit: Question;
  postgraphile: Question;
  /** Plain Pothos types over Prisma. */
  pothos?: Question;
  /** Whether to measure Rapport also with a key that may not read personal data. */
  isMasked?: true;
  /** Makes the facts of all sides comparable, where that takes more than the same names. */
  settle?: (facts: Facts) => Facts;
  /** Bounds of requests per second and of the server's CPU per request, relative to the limit and to PostGraphile. */
  budget: { rps: Bound; cpu: Bound; rpsOfPostgraphile?: Bound; cpuOfPostgraphile?: Bound };
};

/** A read that may be compared. */
export type AnyRead = Read & Partial<ComparedRead>;

export function inWorkspace({ workspaceId }: Subject) {
  return { workspaceId };
}

export function noVariables() {
  return {};
}
