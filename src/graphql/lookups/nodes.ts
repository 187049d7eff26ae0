import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { invalid } from '../../lib/errors.ts';
import { decodeId, wrongId } from '../../lib/ids.ts';
import { maxPageSize } from '../../lib/limits.ts';
import type { RowsByIdField } from '../../query/query-field.ts';
import { builder } from '../builder.ts';
import { cost } from '../cost/points.ts';
import { rowField } from '../sql/row-field.ts';

builder.queryField('node', (t) =>
  t.node({
    // The type of the node decides which scope is required.
    authScopes: { anyKey: true },
    description:
      'Fetches an object by its ID. Null if it does not exist in this workspace. Fails with `INVALID_INPUT` if the ' +
      'ID is malformed.',
    args: {
      id: t.arg.id({ required: true, description: 'ID of the object, such as `customer_01h455vb4pex5vsknk084sn02q`.' }),
    },
    extensions: {
      query: rowField<{ id: string }>(
        ({ id }) => decodeId(id)?.type ?? null,
        ({ id }) => ({ id: decodeId(id)?.uuid }),
      ),
    },
    id: (_root, { id }, _context, { schema }) => {
      const type = decodeId(id)?.type;
      if (type === undefined) throw invalid(wrongId(id), 'id');
      if (!isNode(schema, type)) throw invalid(unreadable(type), 'id');
      return id;
    },
  }),
);

builder.queryField('nodes', (t) =>
  t.nodeList({
    authScopes: { anyKey: true },
    description:
      'Fetches up to 100 objects by ID, in the order of `ids`. Null for each ID that is malformed or does not exist ' +
      'in this workspace.',
    args: {
      ids: t.arg.idList({
        required: true,
        description: 'Up to 100 IDs, such as `customer_01h455vb4pex5vsknk084sn02q`.',
      }),
    },
    extensions: {
      ...cost<{ ids: string[] }>({
        size: ({ ids }) => {
          if (ids.length > maxPageSize) throw invalid(`Send at most ${maxPageSize} IDs (got ${ids.length}).`, 'ids');
          return ids.length;
        },
      }),
      query: {
        kind: 'rowsById',
        idsOf: ({ ids }) => (ids as string[]).map((id) => decodeId(id)),
      } satisfies RowsByIdField,
    },
    ids: (_root, { ids }, _context, { schema }) =>
      ids.map((id) => {
        const type = decodeId(id)?.type;
        return type !== undefined && isNode(schema, type) ? id : null;
      }),
  }),
);

function unreadable(type: string): string {
  return `${type} objects cannot be read by ID. Read them through their parent object.`;
}

// Some types with an ID do not implement `Node`.
function isNode(schema: GraphQLSchema, type: string): boolean {
  const node = schema.getType('Node');
  return isInterfaceType(node) && schema.getPossibleTypes(node).some(({ name }) => name === type);
}
