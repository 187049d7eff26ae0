import type { Compiled } from '../graphql/sql-compile.ts';
import type { SqlField } from '../graphql/sql-types.ts';

/** What a part of the context needs: scopes, and to be read for one of these purposes. */
export type Guard = { what: string; scopes: string[]; purposes: string[]; needsConsent: boolean };

export const guards: Guard[] = [];

export const always = ['SUPPORT', 'ORDER_FULFILMENT', 'PERSONALISATION', 'MARKETING', 'ANALYTICS'];

// Purposes for which what a customer decided may hide something, and what they decide on.
export const consents: Record<string, string> = { PERSONALISATION: 'PERSONALISATION', MARKETING: 'MARKETING' };

/** Null where the key lacks its scope, the purpose does not need it, or the customer does not allow it. */
export function guarded(
  what: string,
  { scopes = [], purposes, needsConsent = false }: Partial<Guard> & { purposes: string[] },
  field: SqlField,
): SqlField {
  const guard = { what, scopes, purposes, needsConsent };
  guards.push(guard);
  return {
    ...field,
    isNullable: true,
    description: `${field.description} Null: withheld; \`withheld\` says why.`,
    compile: (at) => {
      if (hides(guard, at.scopes, at.shape.purpose ?? '')) return { columns: [], write: () => 'null' };
      const compiled = field.compile(at);
      const list = field.isList ? at.lists.at(-1) : undefined;
      if (list) list.name = what;
      return isAskedForConsent(guard, at.shape.purpose ?? '') ? withConsent(compiled) : compiled;
    },
  };
}

// The row says first whether it is allowed; where it is not, nothing else of it is read.
function withConsent({ columns, write }: Compiled): Compiled {
  return {
    columns: ['g."isAllowed"', ...columns.map((sql) => `CASE WHEN g."isAllowed" THEN ${sql} END`)],
    write: (row, asked) => {
      if (row.column() === 'true') return write(row, asked);
      row.skip(columns.length);
      return 'null';
    },
  };
}

/** Whatever the customer decided. */
function hides({ scopes, purposes }: Guard, held: ReadonlySet<string>, purpose: string): boolean {
  return scopes.some((scope) => !held.has(scope)) || !purposes.includes(purpose);
}

export function isAskedForConsent({ needsConsent }: Guard, purpose: string): boolean {
  return needsConsent && purpose in consents;
}

/** Joins `g`: whether they allow that their data is used for the purpose. Marketing needs a yes, the rest that there is no no. */
export function consentJoin(purpose: string, channel: string): string {
  const decided = (
    status: string,
  ) => `EXISTS (SELECT 1 FROM "Consent" n WHERE n."workspaceId" = c."workspaceId" AND n."customerId" = c."id"
    AND n."purpose" = '${consents[purpose]}' AND n."status" ${status} AND (n."expiresAt" IS NULL OR n."expiresAt" > now())
    AND (${channel}::text IS NULL OR n."channel"::text = ${channel}::text))`;
  const isAllowed =
    purpose === 'MARKETING' ? decided("= 'GRANTED'") : `${decided("= 'GRANTED'")} OR NOT ${decided("<> 'GRANTED'")}`;
  return `CROSS JOIN LATERAL (SELECT ${isAllowed} AS "isAllowed") g`;
}
