import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { invalid } from '../lib/errors.ts';
import { decodeId, wrongId } from '../lib/ids.ts';
import { maxPageSize } from '../lib/limits.ts';
import { builder } from './builder.ts';

builder.queryField('node', (t) =>
  t.node({
    // Which scope it takes, the type of the thing says.
    authScopes: { anyKey: true },
    description:
      'Anything that has an ID. Null if there is no such thing in this workspace. INVALID_INPUT if the text is not an ID.',
    args: { id: t.arg.id({ required: true, description: 'Such as `customer_01h455vb4pex5vsknk084sn02q`.' }) },
    id: (_root, { id }, _context, { schema }) => {
      const type = decodeId(id)?.type;
      if (type === undefined) throw invalid(wrongId(id), 'id');
      if (!isNode(schema, type)) throw invalid(`No ${type} can be read by its ID.`, 'id');
      return id;
    },
  }),
);

builder.queryField('nodes', (t) =>
  t.nodeList({
    authScopes: { anyKey: true },
    description:
      'Up to 100 things by ID, in the order of the IDs. Null in place of each that does not exist in this workspace, ' +
      'and of each text that is not an ID.',
    args: { ids: t.arg.idList({ required: true, description: 'Such as `customer_01h455vb4pex5vsknk084sn02q`.' }) },
    complexity: ({ ids }) => {
      if (ids.length > maxPageSize) throw invalid(`At most ${maxPageSize} at once.`, 'ids');
      return { field: 1, multiplier: Math.max(ids.length, 1) };
    },
    ids: (_root, { ids }, _context, { schema }) =>
      ids.map((id) => {
        const type = decodeId(id)?.type;
        return type !== undefined && isNode(schema, type) ? id : null;
      }),
  }),
);

// Not every type that has an ID can be read by it.
function isNode(schema: GraphQLSchema, type: string): boolean {
  const node = schema.getType('Node');
  return isInterfaceType(node) && schema.getPossibleTypes(node).some(({ name }) => name === type);
}
