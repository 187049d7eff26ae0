import type { Datamodel, Relation } from '../datamodel.ts';

/** A `where` condition of Prisma. */
export type Condition = Readonly<Record<string, unknown>>;

/** SQL that refers to the row with this alias. `parameter` adds a value and returns its placeholder. */
export type RowSql = (alias: string, parameter: (value: unknown) => string) => string;

/** Where a condition applies: the datamodel, the row's alias, and how values become parameters. */
export type Scope = {
  datamodel: Datamodel;
  /** Column that every table has, and its value in SQL. Joins compare it with this value instead of each other. */
  tenant: { column: string; sql: string };
  parameter(value: unknown): string;
  /** Returns an unused alias. */
  alias(): string;
};

/** Compiles a condition of Prisma to SQL. Throws for operators that no filter of the schema uses. */
export function conditionSql(scope: Scope, model: string, alias: string, condition: Condition): string {
  const terms = Object.entries(condition).flatMap(([name, operand]) => {
    if (operand === undefined) return [];
    if (name === 'AND') return combined(scope, model, alias, listOf(operand), ' AND ', 'true');
    if (name === 'OR') return combined(scope, model, alias, listOf(operand), ' OR ', 'false');
    if (name === 'NOT') return [`NOT ${combined(scope, model, alias, listOf(operand), ' OR ', 'false')}`];
    const relation = scope.datamodel.relation(model, name);
    return relation
      ? relationSql(scope, alias, relation, operand as Condition)
      : columnSql(scope, model, alias, name, operand);
  });
  return terms.length === 0 ? 'true' : terms.join(' AND ');
}

/** Compiles the join of a related row with the row that the relation belongs to. */
export function joinSql({ tenant }: Pick<Scope, 'tenant'>, { on }: Relation, alias: string, own: string): string {
  return on
    .map(([column, of]) => {
      const isTenant = column === tenant.column && of === tenant.column;
      return `${alias}."${column}" = ${isTenant ? tenant.sql : `${own}."${of}"`}`;
    })
    .join(' AND ');
}

function combined(scope: Scope, model: string, alias: string, all: Condition[], by: string, none: string): string {
  const terms = all.map((each) => conditionSql(scope, model, alias, each));
  if (terms.length === 0) return none;
  return terms.length === 1 ? `(${terms[0]})` : `(${terms.map((term) => `(${term})`).join(by)})`;
}

function listOf(operand: unknown): Condition[] {
  return Array.isArray(operand) ? operand : [operand as Condition];
}

function relationSql(scope: Scope, own: string, relation: Relation, operand: Condition): string {
  const exists = (condition: Condition) => {
    const alias = scope.alias();
    const join = joinSql(scope, relation, alias, own);
    const meets = conditionSql(scope, relation.model, alias, condition);
    return `EXISTS (SELECT 1 FROM "${relation.model}" ${alias} WHERE ${join} AND (${meets}))`;
  };
  if (!relation.isList) return exists(operand);
  return Object.entries(operand)
    .map(([quantifier, condition]) => {
      if (quantifier === 'some') return exists(condition as Condition);
      if (quantifier === 'none') return `NOT ${exists(condition as Condition)}`;
      throw new Error(`Cannot compile "${quantifier}" on a relation to SQL.`);
    })
    .join(' AND ');
}

const comparisons: Record<string, string> = { equals: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

function columnSql(scope: Scope, model: string, alias: string, name: string, operand: unknown): string {
  if (!scope.datamodel.column(model, name)) throw new Error(`${model} has no column ${name}.`);
  const column = `${alias}."${name}"`;
  const { tenant } = scope;
  if (operand === null) return `${column} IS NULL`;
  if (typeof operand !== 'object' || operand instanceof Date)
    return `${column} = ${name === tenant.column ? tenant.sql : valueSql(scope, operand)}`;
  const { mode, ...operators } = operand as Condition;
  return Object.entries(operators)
    .filter(([, value]) => value !== undefined)
    .map(([operator, value]) => operatorSql(scope, column, operator, value, mode === 'insensitive' ? 'ILIKE' : 'LIKE'))
    .join(' AND ');
}

// A partial index is only used if the statement itself, not a parameter, says which of its rows are wanted.
function valueSql({ parameter }: Scope, value: unknown): string {
  return typeof value === 'boolean' ? String(value) : parameter(value);
}

function operatorSql(scope: Scope, column: string, operator: string, value: unknown, like: string): string {
  const { parameter } = scope;
  if (value === null && operator === 'equals') return `${column} IS NULL`;
  if (value === null && operator === 'not') return `${column} IS NOT NULL`;
  const comparison = comparisons[operator];
  if (comparison) return `${column} ${comparison} ${valueSql(scope, value)}`;
  if (operator === 'in') return (value as unknown[]).length === 0 ? 'false' : `${column} = ANY (${parameter(value)})`;
  if (operator === 'hasEvery') return `${column} @> ${parameter(value)}`;
  if (operator === 'contains') return `${column} ${like} ${parameter(`%${String(value)}%`)}`;
  if (operator === 'startsWith') return `${column} ${like} ${parameter(`${String(value)}%`)}`;
  throw new Error(`Cannot compile "${operator}" on a column to SQL.`);
}
