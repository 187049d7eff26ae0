import { workspace } from '../db/statements.ts';
import type { Context } from '../graphql/context.ts';
import type { SqlField } from '../graphql/sql/sql-types.ts';
import type { CompiledField } from '../query/compile/compiler.ts';
import { sql } from '../query/sql/sql.ts';
import { checkWithin, guardType } from './guard-types-schema.ts';

/** Requirements of a part of the context: its scopes, and the purposes it may be read for. */
type Guard = { what: string; scopes: string[]; purposes: readonly string[]; needsConsent: boolean };

const guards: Guard[] = [];

export const allPurposes = ['SUPPORT', 'ORDER_FULFILMENT', 'PERSONALISATION', 'MARKETING', 'ANALYTICS'];

// Purposes for which missing consent hides data. Consent decisions use the same names.
const consentPurposes = ['PERSONALISATION', 'MARKETING'];

const isAllowed = 'g."isAllowed"';

/** Returns SQL for whether the customer allows this purpose. */
export function isAllowedSql(purpose: string | null | undefined): string {
  return consentPurposes.includes(purpose ?? '') ? isAllowed : 'true';
}

/** Makes a field null if the key lacks its scope, the purpose does not need it, or the customer does not allow it. */
export function guarded(
  what: string,
  { scopes = [], purposes, needsConsent = false }: Partial<Guard> & { purposes: readonly string[] },
  field: SqlField,
): SqlField {
  const guard = { what, scopes, purposes, needsConsent };
  guards.push(guard);
  if (field.model) guardType(field.model, purposes);
  return {
    ...field,
    isNullable: true,
    description: `${field.description} Null if withheld; \`withheld\` says why.`,
    compile: (place) => {
      const { compiler } = place;
      const purpose = compiler.shape?.purpose ?? '';
      if (reasonOf(guard, compiler.scopes, purpose)) return withheldPart;
      const isAsked = isAskedForConsent(guard, purpose);
      const part = { name: what, condition: isAsked ? isAllowed : 'true' };
      const compiled = compiler.checked(checkWithin(purpose, compiler.shape?.time === 'PAST'), () =>
        field.compile({ ...place, part }),
      );
      return isAsked ? withConsent(compiled) : compiled;
    },
  };
}

const withheldPart: CompiledField<Context> = { columns: [], write: (_row, out) => out.put('null') };

// The first column says whether the use is allowed. If it is not, the other columns are not computed.
function withConsent({ columns, write }: CompiledField<Context>): CompiledField<Context> {
  return {
    columns: [[isAllowed], ...columns.map((column) => sql`CASE WHEN ${isAllowed} THEN ${column} END`)],
    write: (row, out, state) => {
      if (row.column() === 'true') return write(row, out, state);
      row.skip(columns.length);
      out.put('null');
    },
  };
}

function isAskedForConsent({ needsConsent }: Guard, purpose: string): boolean {
  return needsConsent && consentPurposes.includes(purpose);
}

/** Returns every part that is shown only for some purposes, with these purposes. */
export function purposesOfParts(): Pick<Guard, 'what' | 'purposes'>[] {
  return guards.map(({ what, purposes }) => ({ what, purposes }));
}

type Reason = { reason: 'SCOPE' | 'PURPOSE' | 'CONSENT'; needs: string[] };
export type Withheld = Reason & { what: string };

// The reason to withhold a part regardless of consent. Null if there is none.
function reasonOf({ scopes, purposes }: Guard, held: ReadonlySet<string>, purpose: string): Reason | null {
  const lacking = scopes.filter((scope) => !held.has(scope));
  if (lacking.length > 0) return { reason: 'SCOPE', needs: lacking };
  return purposes.includes(purpose) ? null : { reason: 'PURPOSE', needs: [...purposes] };
}

/** Returns every part that is withheld, with the reason and what would show it. */
export function withheldFrom(held: ReadonlySet<string>, purpose: string, isAllowed: boolean): Withheld[] {
  return guards.flatMap((guard): Withheld[] => {
    const reason = reasonOf(guard, held, purpose);
    if (reason) return [{ what: guard.what, ...reason }];
    const isRefused = isAskedForConsent(guard, purpose) && !isAllowed;
    return isRefused ? [{ what: guard.what, reason: 'CONSENT', needs: [purpose] }] : [];
  });
}

/** Joins `g` if the purpose depends on consent. Marketing requires granted consent; personalisation, no refusal. */
export function consentJoin(purpose: string | null | undefined, channel: () => string): string {
  if (!consentPurposes.includes(purpose ?? '')) return '';
  const by = channel();
  const decided = (
    status: string,
  ) => `EXISTS (SELECT 1 FROM public."Consent" n WHERE n."workspaceId" = ${workspace} AND n."customerId" = c."id"
    AND n."purpose" = '${purpose}' AND n."status" ${status} AND n."capturedAt" <= now() AND (n."expiresAt" IS NULL OR n."expiresAt" > now())
    AND (${by}::text IS NULL OR n."channel"::text = ${by}::text))`;
  const isAllowed =
    purpose === 'MARKETING' ? decided("= 'GRANTED'") : `${decided("= 'GRANTED'")} OR NOT ${decided("<> 'GRANTED'")}`;
  return `CROSS JOIN LATERAL (SELECT ${isAllowed} AS "isAllowed") g`;
}
