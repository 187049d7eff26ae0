import '../graphql/errors.ts';
import '../graphql/lookups/nodes.ts';
import '../graphql/scalars.ts';
import './generated/schema-modules.ts';
import { builder } from '../graphql/builder.ts';

export const schema = builder.toSchema();
