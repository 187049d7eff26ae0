import {
  type PredictionInput,
  predictionInput,
  predictionOf,
  predictionStatuses,
} from '../../customer-value/predict.ts';
import { builder } from '../../graphql/builder.ts';
import { timeOf } from '../../graphql/context.ts';
import { valueObject } from '../../graphql/cost/points.ts';
import { describedEnum } from '../../graphql/enums/described-enum.ts';
import { countedFact, Fact, provenance } from '../../graphql/fields/fact-field.ts';
import { computed, type SqlField } from '../../graphql/sql/sql-types.ts';

const StatusEnum = describedEnum(
  'PredictionStatus',
  'Whether purchases could be predicted, or why not.',
  predictionStatuses,
);

const UnitEnum = describedEnum('ValueTimeUnit', 'Unit of time of a model’s parameters.', {
  DAY: 'Times are in days.',
  WEEK: 'Times are in weeks.',
  MONTH: 'Times are in months, a twelfth of 365.25 days each.',
});

const DropoutEnum = describedEnum('CustomerDropout', 'How customers leave, by the orders that a model was fitted to.', {
  VARIED: 'With different probabilities after each purchase.',
  EQUAL: 'All with the same probability after each purchase.',
  NONE: 'No customer leaves for good.',
});

const Model = builder.simpleObject('ContextPredictionModel', {
  extensions: valueObject,
  description: 'BG/NBD and Gamma-Gamma models, fitted to the orders of all customers in one currency.',
  fields: (t) => ({
    fittedAt: t.field({ type: 'DateTime', description: 'When the models were fitted.' }),
    asOf: t.field({ type: 'DateTime', description: 'Time until which orders count in the fit.' }),
    customers: t.int({ description: 'Number of buyers that the models were fitted to.' }),
    repeatCustomers: t.int({ description: 'Number of those buyers who bought again.' }),
    unit: t.field({ type: UnitEnum, description: 'Unit of time of `alpha`.' }),
    dropout: t.field({ type: DropoutEnum, description: 'How customers leave, by the orders.' }),
    r: t.float({ description: 'Shape of the gamma distribution of purchase rates.' }),
    alpha: t.float({ description: 'Rate of the gamma distribution of purchase rates, in units of time.' }),
    a: t.float({ description: 'First parameter of the beta distribution of the probability to leave.' }),
    b: t.float({ description: 'Second parameter of the beta distribution of the probability to leave.' }),
    p: t.float({
      nullable: true,
      description: 'Shape of the gamma distribution of a customer’s purchase values. Null without a model of values.',
    }),
    q: t.float({
      nullable: true,
      description: 'Shape of the gamma distribution of the rates between customers. Null without a model of values.',
    }),
    gamma: t.float({
      nullable: true,
      description: 'Rate of that distribution, an amount of the currency. Null without a model of values.',
    }),
  }),
});

const Prediction = builder.simpleObject('ContextPrediction', {
  extensions: valueObject,
  description:
    'Purchases to expect of the customer within 12 months (365.25 days) from `at`, by models fitted to the orders of ' +
    'all customers. Orders of one UTC date are one purchase. Draft, canceled and expired orders do not count.',
  fields: (t) => ({
    status: t.field({ type: StatusEnum, description: 'Whether purchases could be predicted, or why not.' }),
    currencyCode: t.field({
      type: 'CurrencyCode',
      nullable: true,
      description: 'Currency with the customer’s most orders, the only one that counts. Null if there are no orders.',
    }),
    expectedPurchases: t.float({
      nullable: true,
      description: 'Expected number of purchases, usually a fraction. Null if not predicted; `status` says why.',
    }),
    expectedValue: t.field({
      type: 'Money',
      nullable: true,
      description:
        'Expected sum of order totals: `expectedPurchases` times the expected value of a purchase, regardless of ' +
        'payments and returns. Null if not predicted; `status` says why.',
    }),
    probabilityActive: t.float({
      nullable: true,
      description:
        'Probability that the customer will ever buy again, from 0 to 1. By the model, it is 1 for a customer with a ' +
        'single purchase. Null if not predicted; `status` says why.',
    }),
    model: t.field({ type: Model, nullable: true, description: 'Latest fitted models. Null if there are none.' }),
    fact: t.field({ type: Fact, description: provenance }),
  }),
});

export const prediction: SqlField = computed(
  Prediction,
  `json_build_object('customerId', c."id", 'input', ${predictionInput})`,
  (given, { context }) => {
    const { customerId, input } = given as { customerId: string; input: PredictionInput };
    const { model, ...prediction } = predictionOf(input);
    return {
      ...prediction,
      model: model && { ...model, asOf: new Date(model.asOf), fittedAt: new Date(model.fittedAt) },
      fact: countedFact('prediction', customerId, null, timeOf(context)),
    };
  },
  'Purchases to expect of the customer within 12 months, and their value. The models are always the latest ones.',
);
