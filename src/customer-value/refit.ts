import type { Db } from '../db/database.ts';
import type { ValueTimeUnit } from '../db/generated/prisma/enums.ts';
import { fitOnce } from './fit.ts';

/**
 * Fits the models that are due, currency by currency, each in the unit of its latest fit. The first fit is in weeks. A currency
 * with too few customers keeps its earlier model. `onFault` handles the error of a currency, so that the others still
 * have their turn.
 */
export async function refitCustomerValue(
  db: Db,
  asOf: Date,
  { signal }: { signal?: AbortSignal | undefined } = {},
  onFault?: (fault: unknown) => void,
): Promise<void> {
  const currencies = await db.query<{ currencyCode: string; unit: ValueTimeUnit }>({
    text: due,
    values: [db.workspaceId],
  });
  for (const { currencyCode, unit } of currencies)
    try {
      signal?.throwIfAborted();
      await fitOnce(db, { currencyCode, unit, asOf, isAwaited: false, signal });
    } catch (fault) {
      if (!onFault || signal?.aborted) throw fault;
      onFault(fault);
    }
}

// A currency whose orders are gone still has an earlier fit. Fitting it again moves its next due time.
const due = `SELECT c."currencyCode", coalesce(m."unit", 'WEEK') AS "unit" FROM (
    SELECT "currencyCode" FROM "CustomerStatistics" WHERE "workspaceId" = $1::uuid AND "numberOfOrders" > 0
    UNION SELECT "currencyCode" FROM "CustomerValueFit" WHERE "workspaceId" = $1::uuid) c
  LEFT JOIN "CustomerValueModel" m ON m."workspaceId" = $1::uuid AND m."currencyCode" = c."currencyCode"
  LEFT JOIN "CustomerValueFit" f ON f."workspaceId" = $1::uuid AND f."currencyCode" = c."currencyCode"
  WHERE f."startedAt" IS NULL OR rapport_run_is_due(f."status"::text, f."startedAt", now())
  ORDER BY c."currencyCode"`;
