import {
  mainCurrency,
  meanValueOf,
  ordersUntil,
  type PredictionInput,
  predictionInput,
  predictionOf,
} from '../../customer-value/predict.ts';
import { countedSql } from '../../db/counted-orders.ts';
import type { Db } from '../../db/database.ts';
import { type FactInput, maxInputs, type Values } from '../../db/fact-rule.ts';
import { workspace } from '../../db/statements.ts';
import { type CountedFact, type CountedName, countedId } from '../../lib/fact-id.ts';
import { encodeId, type IdType } from '../../lib/ids.ts';
import { formatAmount } from '../../lib/money.ts';
import { type RfmProfile, rfmProfileOf } from '../../orders/statistics/rfm.ts';
import { type RepeatedProduct, repeatedProductsSql, replenishmentOf } from '../../recommendations/replenish.ts';
import { bought, dueBy, orderIntervals, own, ownOfAnyTime } from '../sql.ts';
import type { Explanation } from './explanation.ts';

/** Scope required for computed facts. All of them are computed from orders. */
export const countedScope = 'orders:read';

type Result = Pick<Explanation, 'value' | 'inputs' | 'numberOfInputs'>;

type Counting = {
  method: string;
  /** Increment it with every change of the rule. */
  version: number;
  count: (db: Db, fact: CountedFact) => Promise<Result | null>;
};

const counts = countedSql('o');

const countings: Record<CountedName, Counting> = {
  statistics: {
    version: 2,
    method:
      'Covers all orders in the currency except draft, canceled and expired ones: their number, the sum of their ' +
      'totals, and the first and last order dates. Each order adds to the amount spent the amount paid less the ' +
      'larger of the amounts refunded and returned, but never less than zero. Returns without an order are ' +
      'subtracted.',
    async count(db, fact) {
      const amounts = (of: Values, ...names: string[]) =>
        Object.fromEntries(names.map((name) => [name, formatAmount(String(of[name]), String(fact.detail))]));
      const found = await readWithInputs(
        db,
        fact,
        `SELECT s.* ${ownOfAnyTime('CustomerStatistics', 's')} AND s."currencyCode" = $3`,
        `SELECT 'Order' AS type, o."id", o."placedAt" AS "at", o."total", o."amountPaid", o."amountRefunded", o."amountReturned"
             ${ownOfAnyTime('Order', 'o')} AND o."currencyCode" = $3 AND ${counts}
           UNION ALL SELECT 'Return', r."id", r."occurredAt", 0, 0, 0, r."refundAmount" ${ownOfAnyTime('Return', 'r')}
             AND r."currencyCode" = $3 AND r."orderId" IS NULL AND r."status" IN ('RECEIVED', 'COMPLETED')`,
        ['total', 'amountPaid', 'amountRefunded', 'amountReturned'],
      );
      if (!found) return null;
      return {
        ...found,
        value: {
          ...only(found.value, 'currencyCode', 'numberOfOrders', 'firstOrderAt', 'lastOrderAt'),
          ...amounts(found.value, 'amountOrdered', 'amountSpent', 'amountReturned'),
        },
        inputs: found.inputs.map((input) => ({
          ...input,
          value: {
            at: input.value.at,
            ...amounts(input.value, 'total', 'amountPaid', 'amountRefunded', 'amountReturned'),
          },
        })),
      };
    },
  },

  rhythm: {
    version: 1,
    method:
      'Computes the mean and the standard deviation of the days between the latest 100 orders, except draft, ' +
      'canceled and expired ones. The next order is expected one mean after the last one, and is overdue one ' +
      'standard deviation later.',
    count: (db, fact) =>
      readWithInputs(
        db,
        fact,
        `SELECT g.mean::float8 AS "meanIntervalDays", g.spread::float8 AS "deviationDays",
           g."last" + g.mean * interval '1 day' AS "nextOrderExpectedAt", ${dueBy} AS "overdueAt" FROM ${orderIntervals} WHERE g.orders > 1`,
        `SELECT 'Order' AS type, o."id", o."placedAt" AS "at" ${own('Order', 'o')} AND ${counts}
           ORDER BY o."placedAt" DESC LIMIT ${maxInputs}`,
      ),
  },

  rfm: {
    version: 1,
    method:
      'Scores the days since the last order, the number of orders and the amount ordered from 1 to 5. Each score is ' +
      'one more than the number of bounds the value passes; the bounds divide the workspace’s buyers into fifths. ' +
      'The group follows from the recency score and the mean of the other two.',
    async count(db, fact) {
      const [row] = await read<{ bought: RfmProfile }>(db, fact, `SELECT ${bought} AS bought`);
      if (!row) return null;
      const { bounds, ...value } = { bounds: null, ...rfmProfileOf(row.bought, new Date()) };
      const { currencyCode } = row.bought;
      const inputs: FactInput[] = [];
      if (currencyCode)
        inputs.push({
          name: 'statistics',
          id: countedId({ name: 'statistics', customerId: fact.customerId, detail: currencyCode }),
          value: only(row.bought, 'lastOrderAt', 'numberOfOrders', 'amountOrdered'),
        });
      if (bounds) inputs.push({ name: 'bounds', id: null, value: bounds });
      return { value, inputs, numberOfInputs: inputs.length };
    },
  },

  prediction: {
    version: 1,
    method:
      'Expects purchases within 12 months (365.25 days) by the BG/NBD model (Fader, Hardie and Lee 2005, equation 10), ' +
      'from the parameters and three numbers of the customer: repeat purchases, time of the last one, and time ' +
      'observed, both since the first purchase. Orders of one UTC date are one purchase; draft, canceled and expired ' +
      'ones do not count. The expected value is that number times the mean value of a purchase by the Gamma-Gamma ' +
      'model: p (gamma + repeat value) / (p × repeat purchases + q − 1).',
    async count(db, fact) {
      const orders = `SELECT 'Order' AS type, o."id", o."placedAt" AS "at", o."total" FROM "Order" o
        WHERE ${ordersUntil(mainCurrency)} AND ${counts}`;
      const found = await readWithInputs<{ input: PredictionInput }>(
        db,
        fact,
        `SELECT ${predictionInput} AS input`,
        orders,
        ['total'],
      );
      if (!found) return null;
      const { input } = found.value;
      const { model, history, currencyCode } = input;
      const { model: _, expectedValue, ...prediction } = predictionOf(input);
      const value = { ...prediction, expectedValue: expectedValue?.amount ?? null };
      if (!model || !history || !currencyCode) return { value, inputs: [], numberOfInputs: 0 };
      const { unit, x, lastAt, age, repeatValue } = { ...model, ...history };
      const days = { repeatPurchases: x, daysToLastPurchase: lastAt, daysObserved: age };
      const inUnits = { expectedMeanValue: meanValueOf(model, history), repeatValue: repeatValue ?? 0, unit };
      const computed: FactInput[] = [
        { name: 'history', id: null, value: { ...days, ...inUnits } },
        { name: 'model', id: null, value: model },
      ];
      const shown = found.inputs.slice(0, maxInputs - computed.length).map(({ value: { at, total }, ...order }) => ({
        ...order,
        value: { at, total: formatAmount(String(total), currencyCode) },
      }));
      return { value, inputs: [...computed, ...shown], numberOfInputs: found.numberOfInputs + computed.length };
    },
  },

  ownership: {
    version: 1,
    method:
      'Sums the lines of the product in all orders except draft, canceled and expired ones. Returns are not ' +
      'subtracted.',
    async count(db, fact) {
      const found = await readWithInputs(
        db,
        fact,
        `SELECT w.* ${own('PurchasedProduct', 'w')} AND w."productId" = $3::uuid`,
        `SELECT 'OrderLine' AS type, l."id", o."placedAt" AS "at", l."quantity" FROM "OrderLine" l
          JOIN "Order" o ON o."workspaceId" = l."workspaceId" AND o."id" = l."orderId"
          WHERE l."workspaceId" = ${workspace} AND l."customerId" = c."id" AND l."productId" = $3::uuid AND ${counts}`,
        ['quantity'],
      );
      return (
        found && { ...found, value: only(found.value, 'timesBought', 'quantity', 'firstBoughtAt', 'lastBoughtAt') }
      );
    },
  },

  replenishment: {
    version: 1,
    method:
      'Takes the days between the purchases of the product in the latest 50 orders. The next purchase is expected one ' +
      'median after the last one. The spread is the median of the absolute differences from that median. Orders of ' +
      'one UTC date are one purchase; draft, canceled and expired ones do not count.',
    async count(db, fact) {
      const repeated = repeatedProductsSql('c."id"', 'c."at"', 'w."productId" = $3::uuid');
      const [row] = await read<{ products: RepeatedProduct[] }>(db, fact, `SELECT ${repeated} AS products`);
      const [product] = row?.products ?? [];
      const replenishment = product && replenishmentOf(product, new Date());
      if (!replenishment) return null;
      const inputs = product.orders.map(({ id, at }) => ({ name: 'Order', id: encodeId('Order', id), value: { at } }));
      const value = only(replenishment, 'purchases', 'medianDays', 'spreadDays', 'lastBoughtAt', 'nextExpectedAt');
      return { value, inputs, numberOfInputs: inputs.length };
    },
  },
};

export async function explainCounted(db: Db, fact: CountedFact): Promise<Explanation | null> {
  const { method, version, count } = countings[fact.name];
  const counted = await count(db, fact);
  return counted && { kind: 'COMPUTED', method, version, ...counted, at: new Date(), confidence: 1 };
}

// Runs a query about the customer, whose alias is `c`. Its third parameter is the fact's detail, if there is one.
async function read<Row extends Values = Values>(db: Db, fact: CountedFact, query: string): Promise<Row[]> {
  const { customerId, detail } = fact;
  return db.read<Row>({
    text: `SELECT x.* FROM (SELECT *, now() AS "at" FROM "Customer") c CROSS JOIN LATERAL (${query}) x
      WHERE c."workspaceId" = ${workspace} AND c."id" = $2::uuid AND c."status" <> 'ERASED'`,
    values: [db.workspaceId, customerId, ...(detail === null ? [] : [detail])],
  });
}

// Runs a query for one row together with a query for its inputs, which selects "type", "id", "at" and the columns named.
// Returns the latest inputs and their total number, or null if there is no row.
async function readWithInputs<Row extends Values = Values>(
  db: Db,
  fact: CountedFact,
  query: string,
  inputsQuery: string,
  names: string[] = [],
): Promise<(Result & { value: Row }) | null> {
  const picked = ['type', 'id', 'n', 'at', ...names];
  const latest = `SELECT *, count(*) OVER ()::integer AS n FROM (${inputsQuery}) inputs ORDER BY "at" DESC, "id" DESC LIMIT ${maxInputs}`;
  const rows = await read(
    db,
    fact,
    `SELECT found.*, ${picked.map((name) => `i."${name}" AS "input ${name}"`).join(', ')}
       FROM (${query}) found LEFT JOIN LATERAL (${latest}) i ON true ORDER BY i."at" DESC, i."id" DESC`,
  );
  const [first] = rows;
  if (!first) return null;
  const inputs = rows.flatMap((each) => {
    const [type, id] = [each['input type'] as IdType | null, String(each['input id'])];
    const value = Object.fromEntries(['at', ...names].map((name) => [name, each[`input ${name}`]]));
    return type === null ? [] : { name: type, id: encodeId(type, id), value };
  });
  const value = Object.fromEntries(Object.entries(first).filter(([name]) => !name.startsWith('input '))) as Row;
  return { value, inputs, numberOfInputs: Number(first['input n'] ?? 0) };
}

function only(of: Values, ...names: string[]): Values {
  return Object.fromEntries(names.map((name) => [name, of[name]]));
}
