import { GraphQLError } from 'graphql';
import { models } from '../../db/datamodel.ts';
import { workspace } from '../../db/statements.ts';
import { DomainError, invalid, missingScope } from '../../lib/errors.ts';
import { isIdType } from '../../lib/ids.ts';
import { Datamodel } from '../../query/datamodel.ts';
import type { Rules } from '../../query/rules.ts';
import type { Context } from '../context.ts';
import { pointsOfField, pointsOfObject } from '../cost/points.ts';
import { checkLimit } from '../lists/page.ts';
import { scopeOf } from '../mutations/authorize-mutation.ts';
import { maskOf, ownerColumnOf } from '../personal-data/pii.ts';
import { asId, asInstant } from './serializers.ts';

const datamodel = new Datamodel(models);

/** What the query compiler must know about this schema. */
export const queryRules: Rules<Context> = {
  datamodel,
  tenant: { column: 'workspaceId', sql: workspace },
  unchanged: new Set([
    ...['String', 'Int', 'Boolean', 'CurrencyCode', 'CountryCode', 'Locale', 'TimeZone', 'LocalTime'],
  ]),
  scalars: { DateTime: asInstant },
  pointsOfObject,
  pointsOfField,
  idOf: (typeName) => (isIdType(typeName) ? asId(typeName) : null),
  scopeOf,
  ownerOf: (model) => ownerColumnOf(datamodel, model),
  isInvalid: (error) => error instanceof DomainError || error instanceof GraphQLError,
  checkLimit,
  missingScope: (scope, field) => missingScope(scope, `which ${field} requires`),
  needsQuery: (field) => invalid(`${field} cannot be read here. Read it in a separate query.`),
  maskOf,
};
