import { builder } from '../../graphql/builder.ts';
import { cost } from '../../graphql/cost/points.ts';
import { FactKindEnum } from '../../graphql/fields/fact-field.ts';
import { maskColumn } from '../../graphql/personal-data/pii.ts';
import { invalid, missingScope } from '../../lib/errors.ts';
import { explainFact, scopeOfFact } from './explain.ts';

const Input = builder.simpleObject('FactInput', {
  description: 'Input that a fact is based on.',
  fields: (t) => ({
    name: t.string({ description: 'Kind of input, such as "Order", "decision" or "bounds".' }),
    id: t.id({ nullable: true, description: 'ID of a record or of another fact. Null if the input has no ID.' }),
    value: t.field({
      type: 'JSON',
      description: 'Values the fact uses, by name: text, numbers, timestamps, and amounts as text.',
    }),
  }),
});

const Explanation = builder.simpleObject('FactExplanation', {
  description: 'Explanation of a fact: its value, its method and its inputs.',
  fields: (t) => ({
    id: t.id({ description: 'ID of the fact, as requested.' }),
    kind: t.field({ type: FactKindEnum, description: 'Basis of the fact, such as a stored record.' }),
    value: t.field({
      type: 'JSON',
      description:
        'Values of the fact, by name: text, numbers, timestamps, and amounts as text. Read personal data with ' +
        '`node(id:)`. A record number that is an email address or phone number is masked, as in that query.',
    }),
    method: t.string({ description: 'Method that produces the fact, in plain English.' }),
    version: t.int({ description: 'Version of the method or, for a stored fact, of the record.' }),
    inputs: t.field({
      type: [Input],
      description: 'Inputs of the fact, newest first. Limited to the latest 100.',
      extensions: cost({ size: 100 }),
    }),
    numberOfInputs: t.int({ description: 'Total number of inputs.' }),
    at: t.field({ type: 'DateTime', description: 'When the fact became true or was computed.' }),
    confidence: t.float({ description: 'Confidence in the fact, from 0 to 1.' }),
  }),
});

builder.queryField('fact', (t) =>
  t.field({
    type: Explanation,
    nullable: true,
    description:
      'Explains the current state of a fact in a customer context: its value, its method and version, and its ' +
      'inputs. Requires the scope of the data it is based on. Fails with `INVALID_INPUT` if the ID is not a fact ID. ' +
      'Null if the fact does not exist or the customer was erased.',
    authScopes: { anyKey: true },
    extensions: cost({ points: 50 }),
    args: {
      id: t.arg.id({ required: true, description: 'ID of the fact, from `fact { id }` or `factIds` in a context.' }),
    },
    resolve: async (_root, { id }, context) => {
      const { db, viewer } = context;
      const scope = scopeOfFact(id);
      if (scope === null)
        throw invalid('Not a fact ID. Use one from `fact { id }` or `factIds` in `customerContext`.', 'id');
      if (viewer.kind === 'CUSTOMER' || !viewer.scopes.has(scope))
        throw missingScope(scope, 'which this fact requires', ['id']);
      const explanation = await explainFact(db, id, (...of) => maskColumn(context, ...of));
      return explanation && { id, ...explanation };
    },
  }),
);
