import type { Reply } from '../tool.ts';
import { countWithin, tokensOf, tokensOfItem } from './budget.ts';
import { tokensIn } from './estimate.ts';

/** A row of a list. `cursor` continues the list after it. */
export type Row<Data> = { line: string; data: Data; cursor?: string };

export type List<Data, Result extends object> = {
  maxTokens: number;
  head: string;
  rows: Row<Data>[];
  /** Says what was left out after the first `shown` rows, and how to get it. Null if nothing was. */
  omitted: (shown: number) => string | null;
  data: (rows: Data[], nextCursor: string | null) => Result;
  /** Cursor that continues after the last row. Null if it is the last of all. */
  endCursor?: string | null;
};

/** Builds the reply with as many whole rows as the budget allows. */
export function listReply<Data, Result extends object>(list: List<Data, Result>): Reply<Result> {
  const { maxTokens, head, rows, omitted, data, endCursor = null } = list;
  const build = (shown: number, kept = rows.slice(0, shown)): Reply<Result> => {
    const lines = [head, ...kept.map(({ line }) => line), omitted(shown)].filter((line) => line !== null);
    const nextCursor = shown < rows.length ? (rows[shown - 1]?.cursor ?? null) : endCursor;
    const reply = data(
      kept.map((row) => row.data),
      nextCursor,
    );
    return { text: lines.join('\n'), data: reply };
  };
  const count = countWithin(
    maxTokens,
    rows,
    (row) => tokensOfItem(row.line, row.data),
    tokensOf(build(rows.length, [])),
    tokensOf(build(0)) + tokensIn(rows[0]?.cursor ?? ''),
  );
  return build(count);
}

/** A page of a connection of the API. */
export type Connection<Node> = {
  edges: { cursor: string; node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount: number;
};

/** Selection of a connection whose nodes have these fields. */
export function connectionOf(fields: string): string {
  return `edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } totalCount`;
}

export type Page<Node, Data, Result extends object> = Pick<List<Data, Result>, 'maxTokens' | 'head'> & {
  connection: Connection<Node>;
  /** What follows the page, such as "older orders". */
  further: string;
  rowOf: (node: Node) => Omit<Row<Data>, 'cursor'>;
  data: (rows: Data[], page: { total: number; nextCursor: string | null }) => Result;
};

/** Builds the reply for a page of a connection, with as many whole rows as the budget allows. */
export function pageReply<Node, Data, Result extends object>(page: Page<Node, Data, Result>): Reply<Result> {
  const { maxTokens, head, connection, further, rowOf, data } = page;
  const { edges, pageInfo, totalCount } = connection;
  return listReply({
    maxTokens,
    head,
    rows: edges.map(({ cursor, node }) => ({ cursor, ...rowOf(node) })),
    omitted: (shown) =>
      shown < edges.length || pageInfo.hasNextPage
        ? `OMITTED ${further}. Send \`nextCursor\` as \`after\`, or raise maxTokens.`
        : null,
    endCursor: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    data: (rows, nextCursor) => data(rows, { total: totalCount, nextCursor }),
  });
}
