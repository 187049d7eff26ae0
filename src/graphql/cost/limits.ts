import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { DomainError, invalid } from '../../lib/errors.ts';
import { inexactNumber, isExact } from '../../lib/json/json.ts';
import type { Limits } from '../../lib/limits.ts';
import { cacheBytes } from '../../lib/process/cache-bytes.ts';
import { withoutTokens } from '../documents/document-size.ts';
import { fragmentsOf, type RunningOperation } from '../documents/operation.ts';
import { repeatedPairs } from '../documents/repeated-fields.ts';
import { introspectedObjects, isIntrospective } from '../introspection/introspection-cost.ts';
import { requestedPoints } from './requested-points.ts';

type Variables = Record<string, unknown>;

/** Parses a document. Throws QUERY_TOO_COMPLEX if it exceeds the limits on its length, depth or width. */
export function documentWithin(limits: Limits, source: string): DocumentNode {
  const document = withoutTokens(parseWithin(limits.tokens, source));
  checkSize(document, limits);
  const pairs = repeatedPairs(document, limits.repeats, limits.depth);
  if (pairs > limits.repeats) throw tooComplex('repeats', limits.repeats);
  checkNumbers(document);
  return document;
}

const costs = new LRUCache<string, number>({
  maxSize: cacheBytes.costs,
  maxEntrySize: 10_000,
  sizeCalculation: (_cost, key) => 2 * key.length + 100,
});

/**
 * Returns the most points that an operation may cost, at least one. The cost depends on numbers and on which values are set. Strings matter only in
 * introspection, as type names.
 */
export function costOf(schema: GraphQLSchema, running: RunningOperation, variables: Variables): number {
  const asksForSchema = isIntrospective(running);
  const shape = JSON.stringify(variables, (_name, value) => (typeof value === 'string' && !asksForSchema ? '' : value));
  const key = `${running.id} ${shape}`;
  const known = costs.get(key);
  if (known !== undefined) return known;
  const points = requestedPoints(schema, running, variables);
  const cost = Math.max(points + (asksForSchema ? introspectedObjects(schema, running, variables) : 0), 1);
  costs.set(key, cost);
  return cost;
}

function parseWithin(maxTokens: number, source: string): DocumentNode {
  try {
    return parse(source, { maxTokens });
  } catch (error) {
    // The parser may run out of stack before it reaches the token limit.
    const isTooLong =
      error instanceof RangeError || (error instanceof Error && /more that \d+ tokens/.test(error.message));
    throw isTooLong ? tooComplex('tokens', maxTokens) : error;
  }
}

function checkSize(document: DocumentNode, limits: Limits): void {
  const measure = measurer(fragmentsOf(document));
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { fields, depth, aliases, directives: within } = measure(definition.selectionSet);
    const mutations = definition.operation === 'mutation' ? fields : 0;
    const size = { depth, aliases, directives: within + (definition.directives?.length ?? 0), mutations };
    for (const name of ['depth', 'aliases', 'directives', 'mutations'] as const)
      if (size[name] > limits[name]) throw tooComplex(name, limits[name], size[name]);
  }
}

// graphql-js parses numbers as doubles, which would store a different number.
function checkNumbers(document: DocumentNode): void {
  const check = ({ value }: { value: string }) => {
    if (!isExact(value)) throw invalid(inexactNumber);
  };
  visit(document, { IntValue: check, FloatValue: check });
}

/** Throws QUERY_TOO_COMPLEX if the cost of an operation exceeds the limit of a request. */
export function checkCost(cost: number, limits: Limits): void {
  if (cost > limits.cost) throw tooComplex('cost', limits.cost, cost);
}

// How an operation exceeds each limit, and what to send instead.
const excesses = {
  tokens: ['document has', 'tokens', 'Split it into several requests.'],
  repeats: ['document has', 'pairs of fields with the same response name', 'Select each field once per selection set.'],
  depth: ['operation has', 'levels of fields', 'Select fewer nested fields.'],
  aliases: ['operation has', 'aliases', 'Split it into several requests.'],
  directives: ['operation has', 'directives', 'Split it into several requests.'],
  mutations: ['operation has', 'mutations', 'Split it into several requests.'],
  cost: ['operation costs', 'points', 'Request smaller pages or split it into several requests.'],
} as const;

function tooComplex(exceeded: keyof typeof excesses, limit: number, requested?: number): DomainError {
  const [subject, unit, remedy] = excesses[exceeded];
  const excess = requested === undefined ? `more than ${limit} ${unit}` : `${requested} ${unit}; the limit is ${limit}`;
  return new DomainError('QUERY_TOO_COMPLEX', `This ${subject} ${excess}. ${remedy}`);
}

/** Measured size of a selection. `fields` counts only the outermost level. */
type Size = { fields: number; depth: number; aliases: number; directives: number };

// Each fragment is measured once and counts for every spread. A fragment that spreads itself counts as empty here,
// because validation rejects it.
function measurer(fragments: Map<string, FragmentDefinitionNode>): (selectionSet: SelectionSetNode) => Size {
  const nothing: Size = { fields: 0, depth: 0, aliases: 0, directives: 0 };
  const known = new Map<string, Size>();

  function measure({ selections }: SelectionSetNode): Size {
    const sizes = selections.map((selection): Size => {
      const within = selection.kind === Kind.FRAGMENT_SPREAD ? spread(selection.name.value) : withinOf(selection);
      const isField = selection.kind === Kind.FIELD;
      return {
        fields: isField ? 1 : within.fields,
        depth: within.depth + (isField ? 1 : 0),
        aliases: within.aliases + (isField && selection.alias ? 1 : 0),
        directives: within.directives + (selection.directives?.length ?? 0),
      };
    });
    return sizes.reduce(
      (sum, each) => ({
        fields: sum.fields + each.fields,
        depth: Math.max(sum.depth, each.depth),
        aliases: sum.aliases + each.aliases,
        directives: sum.directives + each.directives,
      }),
      nothing,
    );
  }

  function withinOf({ selectionSet }: { selectionSet?: SelectionSetNode | undefined }): Size {
    return selectionSet ? measure(selectionSet) : nothing;
  }

  function spread(name: string): Size {
    const size = known.get(name);
    if (size) return size;
    known.set(name, nothing);
    const fragment = fragments.get(name);
    if (fragment) known.set(name, measure(fragment.selectionSet));
    return known.get(name) ?? nothing;
  }

  return measure;
}
