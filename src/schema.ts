import './graphql/errors.ts';
import './graphql/nodes.ts';
import './graphql/scalars.ts';
import './access/schema.ts';
import './access/keys-schema.ts';
import './audit/schema.ts';
import './customers/schema.ts';
import './customers/mutations.ts';
import './customers/tokens-schema.ts';
import './products/schema.ts';
import './orders/schema.ts';
import './orders/returns-schema.ts';
import './orders/locations-schema.ts';
import './orders/statistics-schema.ts';
import './orders/mutations.ts';
import './preferences/schema.ts';
import './preferences/consents-schema.ts';
import './preferences/mutations.ts';
import './interactions/schema.ts';
import './cases/schema.ts';
import './cases/mutations.ts';
import './feedback/schema.ts';
import './privacy/schema.ts';
import './timeline/schema.ts';
import './customer-context/explain-schema.ts';
import { customerContext } from './customer-context/schema.ts';
import { builder } from './graphql/builder.ts';
import { withFreeLeaves } from './graphql/limits.ts';

export const schema = withFreeLeaves(builder.toSchema());

/** Fields of `Query` that a single SQL statement resolves. */
export const sqlRoots = { customerContext };
