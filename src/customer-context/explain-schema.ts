import { builder } from '../graphql/builder.ts';
import { shownColumn } from '../graphql/pii.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { explainFact, scopeOfFact } from './explain.ts';
import { FactKindEnum } from './fact-schema.ts';

const Input = builder.simpleObject('FactInput', {
  description: 'Something that a fact rests on.',
  fields: (t) => ({
    name: t.string({ description: 'What it is: "Order", "decision", "bounds".' }),
    id: t.id({ nullable: true, description: 'Its id: of a record, or of another fact. Null: it has none.' }),
    value: t.field({
      type: 'JSON',
      description: 'What of it counts, by name: texts, numbers, instants, and amounts as text.',
    }),
  }),
});

const Explanation = builder.simpleObject('FactExplanation', {
  description: 'What a fact says, how it is known, and from what.',
  fields: (t) => ({
    id: t.id({ description: 'The fact’s id, as it was asked for.' }),
    kind: t.field({ type: FactKindEnum, description: 'How it is known.' }),
    value: t.field({
      type: 'JSON',
      description:
        'What it says, by name: texts, numbers, instants, and amounts as text. It leaves personal data to `node(id:)`, ' +
        'and a number that is an email address or phone number is masked as there.',
    }),
    method: t.string({ description: 'How it comes to be known, in words.' }),
    version: t.int({ description: 'Which version of the method; of what is stored, of the record.' }),
    inputs: t.field({ type: [Input], description: 'What it rests on, latest first; the first hundred.' }),
    numberOfInputs: t.int({ description: 'How many there are.' }),
    at: t.field({ type: 'DateTime', description: 'When it came to be so, or was counted.' }),
    confidence: t.float({ description: 'How sure we are, 0 to 1.' }),
  }),
});

builder.queryField('fact', (t) =>
  t.field({
    type: Explanation,
    nullable: true,
    description:
      'Explains a fact of a customer’s context: its value, the method and its version, and what it rests on; as of now. It takes the scope of what ' +
      'it is counted from. INVALID_INPUT where the id is no fact’s. Null: there is no such fact, or it is of somebody who was erased.',
    authScopes: { anyKey: true },
    complexity: { field: 50 },
    args: { id: t.arg.id({ required: true, description: 'Its id: `fact { id }` in a context, or one of `factIds`.' }) },
    resolve: async (_root, { id }, context) => {
      const { db, viewer } = context;
      const scope = scopeOfFact(id);
      if (scope === null)
        throw invalid('Not a fact ID. Take one from `fact { id }` or `factIds` of a customer context.', 'id');
      if (viewer.kind === 'CUSTOMER' || !viewer.scopes.has(scope))
        throw new DomainError('FORBIDDEN', `This fact takes the scope ${scope}.`, { field: ['id'] });
      const explanation = await explainFact(db, id, (...of) => shownColumn(context, ...of));
      return explanation && { id, ...explanation };
    },
  }),
);
