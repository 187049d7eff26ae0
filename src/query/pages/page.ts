import { type FieldNode, type GraphQLField, type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import { revive } from '../compile/column.ts';
import {
  type CompiledField,
  type Compiler,
  NeedsResolver,
  namedColumns,
  type Request,
  type Row,
} from '../compile/compiler.ts';
import { ItemColumns } from '../compile/item-columns.ts';
import type { CountedPlan, PagePlan } from '../pages/page-plan.ts';
import type { PageField } from '../query-field.ts';
import type { Rules } from '../rules.ts';
import { argumentReader, type Variables } from '../selection.ts';
import { conditionSql } from '../sql/condition.ts';
import { sql } from '../sql/sql.ts';
import { PageParts } from './page-parts.ts';

/** Compiles a Relay connection: `nodes`, `edges`, `pageInfo` and `totalCount`. */
export function compilePage<Context>(
  compiler: Compiler<Context>,
  field: GraphQLField<unknown, unknown>,
  declared: PageField<Context>,
  nodes: FieldNode[],
  parent: Row | null,
): CompiledField<Context> {
  const type = getNamedType(field.type);
  const [node] = nodes;
  if (!isObjectType(type) || !node) throw new NeedsResolver(field.name);
  const index = compiler.page();
  const argumentsFor = argumentReader(field, node);
  const planOf = (request: Request<Context>): CountedPlan => {
    const known = request.pages[index];
    if (known) return known;
    const plan = declared.plan(argumentsFor(request.variables), request.context);
    if (!plan) throw new NeedsResolver(field.name);
    const types = plan.orderBy.map(({ column }) => compiler.rules.datamodel.column(row.model, column)?.type ?? '');
    const cursorOf = (position: unknown[]) => plan.cursorOf(position.map((value, i) => revive(types[i] ?? '', value)));
    const page = { ...plan, cursorOf, points: parts.pointsOf(request.variables) };
    request.pages[index] = page;
    // The rows of a nested page are found by their parent, whatever else they must meet.
    if (!parent && plan.dependsOnValues) request.isPlannedForValues = true;
    return page;
  };
  const relation = parent && declared.relation ? compiler.relation(parent.model, declared.relation) : null;
  const items = new ItemColumns();
  const own: Row =
    declared.model === null
      ? { model: '', alias: compiler.alias(), related: {}, items }
      : { model: declared.model, alias: compiler.alias(), related: {} };
  const row = relation && parent ? compiler.related(relation, parent) : own;
  const within = relation && parent ? compiler.joinSql(relation, row, parent) : null;
  const itemsOf = (model: string) => items.of(model);
  const from = (rowsOf: (plan: PagePlan) => PagePlan['rows']) => (request: Request<Context>) => {
    const rows = rowsOf(planOf(request));
    if (typeof rows === 'function')
      return `FROM (${rows(parent?.alias ?? '', request.parameter, itemsOf)}) ${row.alias}`;
    const meets = conditionSql(compiler.conditionScope(request), row.model, row.alias, rows);
    return `FROM "${row.model}" ${row.alias} WHERE ${within ?? compiler.tenantSql(row)} AND ${meets}`;
  };
  const parts = new PageParts(compiler, type, nodes, row);
  const totals = parts.totals.map((each) => {
    const limitOf = limitReader(compiler.rules, type, each);
    const limit = (request: Request<Context>) => request.parameter(limitOf(request.variables));
    return sql`(SELECT count(*) FROM (SELECT 1 ${from(({ counted }) => counted)} LIMIT ${limit}) x)`;
  });
  const rows = parts.needsRows
    ? [
        sql`(SELECT json_agg(x) FROM (SELECT ${namedColumns(parts.columns(planOf))} ${from(({ rows }) => rows)}${(
          request: Request<Context>,
        ) => orderAndLimit(planOf(request), row.alias, parts.needsMore(planOf(request)))}) x)`,
      ]
    : [];
  // A page of which nothing is selected is planned too, because its arguments may be invalid.
  const planned = (request: Request<Context>) => (planOf(request) ? 'NULL' : '');
  const columns = [...totals, ...rows];
  return {
    columns: columns.length > 0 ? columns : [[planned]],
    write: (json, out, state) => {
      if (columns.length === 0) json.next();
      const page = state.pages[index];
      if (!page) throw new Error(`${field.name} has no plan.`);
      parts.write(json, out, state, page);
    },
  };
}

// Both are literals of a known shape, so the planner knows how few rows are needed.
function orderAndLimit({ orderBy, size }: PagePlan, alias: string, needsMore: boolean): string {
  const columns = orderBy.map(
    ({ column, direction }) => `${alias}."${column}" ${direction === 'asc' ? 'ASC' : 'DESC'}`,
  );
  return ` ORDER BY ${columns.join(', ')} LIMIT ${size + (needsMore ? 1 : 0)}`;
}

function limitReader(
  rules: Pick<Rules<unknown>, 'checkLimit'>,
  type: GraphQLObjectType,
  [node]: FieldNode[],
): (variables: Variables) => number {
  const field = type.getFields()[node?.name.value ?? ''];
  const argumentsFor = field && node ? argumentReader(field, node) : () => ({});
  const check: Rules<unknown>['checkLimit'] = rules.checkLimit;
  return (variables) => {
    const { limit }: { limit?: unknown } = argumentsFor(variables);
    check(limit);
    return limit;
  };
}
