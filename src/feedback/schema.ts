import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder } from '../graphql/builder.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { recordFact } from '../graphql/fields/fact-field.ts';
import { recordFields } from '../graphql/fields/record-fields.ts';
import { DateTimeFilter, enumFilter, IntFilter } from '../graphql/filters/filters.ts';
import { column, whereInput } from '../graphql/filters/where.ts';
import { defineList } from '../graphql/lists/list.ts';
import { defineWrites } from '../graphql/mutations/define-mutation.ts';
import { keyInput } from '../graphql/mutations/keys.ts';
import { recordSurveyResponse } from './survey-responses.ts';

const scope = 'feedback:read';

const SurveyKindEnum = describedEnum('SurveyKind', 'Kind of survey question.', {
  CSAT: 'Customer satisfaction, rated 1 to 5.',
  NPS: 'Likelihood to recommend the business, rated 0 to 10.',
  CES: 'Customer effort: how easy it was to deal with the business, rated 1 to 7.',
  SUGGESTION: 'Unprompted suggestion, without a rating.',
});

const common = recordFields('response');

builder.prismaNode('SurveyResponse', {
  nullable: true,
  description: 'Response from a customer to a survey, or a suggestion.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the survey response.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', common.source),
    externalId: t.exposeString('externalId', common.externalId),
    customer: t.relation('customer', { description: 'Customer who gave the response.' }),
    kind: t.expose('kind', { type: SurveyKindEnum, description: 'Kind of survey question.' }),
    rating: t.exposeInt('rating', {
      nullable: true,
      description: 'Rating on the scale of the survey’s kind. Null for a suggestion.',
    }),
    comment: t.exposeString('comment', {
      nullable: true,
      description: 'Comment in the customer’s words. Null if none.',
    }),
    case: t.relation('case', { nullable: true, description: 'Case the response is about. Null if none.' }),
    order: t.relation('order', { nullable: true, description: 'Order the response is about. Null if none.' }),
    interaction: t.relation('interaction', {
      nullable: true,
      description: 'Interaction the response is about. Null if none.',
    }),
    respondedAt: t.expose('respondedAt', { type: 'DateTime', description: 'When the customer responded.' }),
    fact: t.field(recordFact('SurveyResponse')),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the response was recorded.' }),
  }),
});

defineList('SurveyResponse', {
  plural: 'survey responses',
  where: whereInput('SurveyResponse', {
    kind: column('kind', enumFilter('SurveyKind', SurveyKindEnum), 'Kind of survey question.'),
    rating: column('rating', IntFilter, 'Rating on the scale of the survey’s kind.'),
    respondedAt: column('respondedAt', DateTimeFilter, 'When the customer responded.'),
  }),
  orderBy: { RESPONDED_AT: { column: 'respondedAt', description: 'When the customer responded.' } },
  direction: 'desc',
}).addToType('Customer', {
  name: 'surveyResponses',
  on: { customerId: 'id' },
  scope,
  description: 'Survey responses and suggestions of the customer, newest first.',
});

const RecordSurveyResponseInput = builder.inputType('RecordSurveyResponseInput', {
  description: 'Response from a customer to a survey, or a suggestion.',
  fields: (t) => ({
    key: t.field({
      type: keyInput('SurveyResponse'),
      description: 'Key of the response. If it is omitted, or is an unknown external ID, a new response is created.',
    }),
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Key of the customer.' }),
    kind: t.field({ type: SurveyKindEnum, required: true, description: 'Kind of survey question.' }),
    rating: t.int({ description: 'Rating on the scale of the survey’s kind. Omit it for a suggestion.' }),
    comment: t.string({
      description: 'Comment in the customer’s words, up to 10,000 characters. Required for a suggestion.',
    }),
    case: t.field({ type: keyInput('Case'), description: 'Key of the case the response is about.' }),
    order: t.field({ type: keyInput('Order'), description: 'Key of the order the response is about.' }),
    interaction: t.field({
      type: keyInput('Interaction'),
      description: 'Key of the interaction the response is about.',
    }),
    respondedAt: t.field({
      type: 'DateTime',
      description: 'When the customer responded. Cannot be in the future. Defaults to now.',
    }),
  }),
});

defineWrites(
  'SurveyResponse',
  'surveyResponse',
  'The survey response, as it is after the write.',
)({
  name: 'recordSurveyResponse',
  scope: 'feedback:write',
  input: RecordSurveyResponseInput,
  write: recordSurveyResponse,
  description: 'Records a survey response or suggestion, or replaces the response identified by `key`.',
});
