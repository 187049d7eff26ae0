import { type FieldNode, type GraphQLObjectType, getArgumentValues, getNamedType, isObjectType } from 'graphql';
import { type CompiledField, type Compiler, NeedsResolver, type Request, type Row } from '../compile/compiler.ts';
import type { CountedPage, Page, PagePlan } from '../pages/page-plan.ts';
import type { Variables } from '../selection.ts';
import type { JsonReader } from '../serialize/json-reader.ts';
import type { ResponseBuffer } from '../serialize/response-buffer.ts';
import type { RequestState } from '../serialize/serializer.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { PageRows } from './page-rows.ts';

/** What a page shows of its rows: its columns, and how many columns of the row come before and after them. */
type Rows<Context> = {
  columns: CompiledField<Context>['columns'];
  write: (json: JsonReader, out: ResponseBuffer, state: RequestState<Context>, cursor: () => string) => void;
  before: number;
  after: number;
};

type Member = { start: string; nodes: FieldNode[]; name: string };

/** The selected parts of a connection, each of which is written by a pass over the rows. */
export class PageParts<Context> {
  /** Field nodes of every selected `totalCount`. */
  readonly totals: FieldNode[][];
  readonly needsRows: boolean;
  readonly #type: GraphQLObjectType;
  readonly #members: Member[];
  readonly #rows = new Map<string, Rows<Context>>();
  readonly #info = new Map<string, Member[]>();
  readonly #row: Row;
  readonly #compiler: Compiler<Context>;
  #width = 0;
  #needsCursors = false;

  constructor(compiler: Compiler<Context>, type: GraphQLObjectType, nodes: FieldNode[], row: Row) {
    this.#compiler = compiler;
    this.#type = type;
    this.#row = row;
    this.#members = this.#select(nodes, type);
    this.totals = this.#members.filter(({ name }) => name === 'totalCount').map((each) => each.nodes);
    for (const { name, start, nodes: each } of this.#members) {
      const field = type.getFields()[name];
      if (!field) continue;
      compiler.authorize(type, field);
      const of = getNamedType(field.type);
      if (!isObjectType(of)) continue;
      if (name === 'nodes') this.#addPart(start, compiler.object(of, each, row));
      else if (name === 'edges') this.#addEdges(start, of, each);
      else if (name === 'pageInfo') this.#info.set(start, this.#select(each, of));
      else throw new NeedsResolver(`${type.name}.${name}`);
    }
    const shown = [...this.#info.values()].flat().map(({ name }) => name);
    if (shown.includes('startCursor') || shown.includes('endCursor')) this.#needsCursors = true;
    this.needsRows = this.#members.some(({ name }) => name !== 'totalCount' && name !== '__typename');
  }

  /** Returns the columns of a row: the values it is sorted by, then those of each part. */
  columns(planOf: (request: Request<Context>) => PagePlan): Sql<Request<Context>>[] {
    const parts = [...this.#rows.values()].flatMap(({ columns }) => columns);
    if (!this.#needsCursors) return parts;
    const position = (request: Request<Context>) =>
      planOf(request)
        .orderBy.map(({ column }) => `${this.#row.alias}."${column}"`)
        .join(', ');
    return [sql`json_build_array(${position})`, ...parts];
  }

  /** Returns whether the page must look one row further, to tell whether more rows follow. */
  needsMore({ isBackward }: Page): boolean {
    const name = isBackward ? 'hasPreviousPage' : 'hasNextPage';
    return [...this.#info.values()].some((members) => members.some((member) => member.name === name));
  }

  /** Returns the points of the connection's own fields, such as `totalCount`. */
  pointsOf(variables: Variables): number {
    return this.#members.reduce((points, { name, nodes: [node] }) => {
      const field = this.#type.getFields()[name];
      if (!field || !node) return points;
      return points + this.#compiler.rules.pointsOfField(field, () => getArgumentValues(field, node, variables));
    }, 0);
  }

  write(json: JsonReader, out: ResponseBuffer, state: RequestState<Context>, page: CountedPage): void {
    state.points += page.points;
    const totals = this.totals.map(() => json.column());
    const rows = new PageRows(json, page, this.needsRows, this.#needsCursors, this.#width);
    out.put('{');
    let total = 0;
    for (const { start, name } of this.#members) {
      out.put(start);
      if (name === '__typename') out.put(`"${this.#type.name}"`);
      else if (name === 'totalCount') out.put(totals[total++] ?? 'null');
      else if (name === 'pageInfo') writeInfo(this.#info.get(start) ?? [], rows, page, out);
      else this.#writeRows(start, rows, out, state, page);
    }
    out.put('}');
    rows.leave();
  }

  #writeRows(start: string, rows: PageRows, out: ResponseBuffer, state: RequestState<Context>, page: Page): void {
    const part = this.#rows.get(start);
    if (!part) return;
    out.put('[');
    rows.each((json, isFirst, position) => {
      if (!isFirst) out.put(',');
      json.skip(part.before);
      part.write(json, out, state, () => JSON.stringify(page.cursorOf(position() ?? [])));
      json.skip(part.after);
    });
    out.put(']');
  }

  #select(nodes: FieldNode[], type: GraphQLObjectType): Member[] {
    return [...this.#compiler.select(nodes, type)].map(([key, each], i) => ({
      start: `${i > 0 ? ',' : ''}"${key}":`,
      nodes: each,
      name: each[0]?.name.value ?? '',
    }));
  }

  #addEdges(start: string, type: GraphQLObjectType, nodes: FieldNode[]): void {
    const members = this.#select(nodes, type).map((member) => {
      const field = type.getFields()[member.name];
      const of = field && getNamedType(field.type);
      if (member.name === 'cursor') this.#needsCursors = true;
      return { ...member, compiled: isObjectType(of) ? this.#compiler.object(of, member.nodes, this.#row) : null };
    });
    this.#addPart(start, {
      columns: members.flatMap(({ compiled }) => compiled?.columns ?? []),
      write: (json, out, state, cursor) => {
        out.put('{');
        for (const { start: key, name, compiled } of members) {
          out.put(key);
          if (compiled) compiled.write(json, out, state);
          else out.put(name === 'cursor' ? cursor() : `"${type.name}"`);
        }
        out.put('}');
      },
    });
  }

  #addPart(start: string, part: Pick<Rows<Context>, 'columns' | 'write'>): void {
    for (const each of this.#rows.values()) each.after += part.columns.length;
    this.#rows.set(start, { ...part, before: this.#width, after: 0 });
    this.#width += part.columns.length;
  }
}

function writeInfo(members: Member[], rows: PageRows, page: Page, out: ResponseBuffer): void {
  const { hasMore, first, last } = rows.ends();
  const cursor = (position: unknown[] | null) => (position ? JSON.stringify(page.cursorOf(position)) : 'null');
  out.put('{');
  for (const { start, name } of members) {
    out.put(start);
    if (name === 'hasNextPage') out.put(String(page.isBackward ? page.hasOthers : hasMore));
    else if (name === 'hasPreviousPage') out.put(String(page.isBackward ? hasMore : page.hasOthers));
    else if (name === 'startCursor') out.put(cursor(first));
    else if (name === 'endCursor') out.put(cursor(last));
    else out.put('"PageInfo"');
  }
  out.put('}');
}
