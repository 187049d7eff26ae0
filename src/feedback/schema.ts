import { CaseKeyInput } from '../cases/schema.ts';
import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder } from '../graphql/builder.ts';
import { describedEnum } from '../graphql/enums.ts';
import { DateTimeFilter, enumFilter, IntFilter } from '../graphql/filters.ts';
import { keyInput } from '../graphql/keys.ts';
import { defineList } from '../graphql/list.ts';
import { column, whereInput } from '../graphql/where.ts';
import { defineWrites } from '../graphql/writes.ts';
import { InteractionKeyInput } from '../interactions/schema.ts';
import { OrderKeyInput } from '../orders/schema.ts';
import { recordSurveyResponse } from './survey-responses.ts';

const scope = 'feedback:read';

export const SurveyKindEnum = describedEnum('SurveyKind', 'What was asked.', {
  CSAT: 'How content are you? 1 to 5.',
  NPS: 'How likely are you to recommend us? 0 to 10.',
  CES: 'How easy was it? 1 to 7.',
  SUGGESTION: 'Nothing: they wrote by themselves. No rating.',
});

builder.prismaNode('SurveyResponse', {
  nullable: true,
  description: 'What a customer answered to a survey, or suggested.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', { nullable: true, description: 'The system it came from. Null: none.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: 'Its id there. Null: it has none.' }),
    customer: t.relation('customer', { description: 'Who answered.' }),
    kind: t.expose('kind', { type: SurveyKindEnum, description: 'What was asked.' }),
    rating: t.exposeInt('rating', { nullable: true, description: 'On the scale of its kind. Null: a suggestion.' }),
    comment: t.exposeString('comment', {
      nullable: true,
      description: 'In their words. Null: none.',
    }),
    case: t.relation('case', { nullable: true, description: 'The case it is about. Null: none.' }),
    order: t.relation('order', { nullable: true, description: 'The order it is about. Null: none.' }),
    interaction: t.relation('interaction', { nullable: true, description: 'The interaction it is about. Null: none.' }),
    respondedAt: t.expose('respondedAt', { type: 'DateTime', description: 'When they answered.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written here.' }),
  }),
});

defineList('SurveyResponse', {
  plural: 'survey responses',
  where: whereInput('SurveyResponse', {
    kind: column('kind', enumFilter('SurveyKind', SurveyKindEnum), 'What was asked.'),
    rating: column('rating', IntFilter, 'The rating.'),
    respondedAt: column('respondedAt', DateTimeFilter, 'When they answered.'),
  }),
  orderBy: { RESPONDED_AT: { column: 'respondedAt', description: 'When they answered.' } },
  direction: 'desc',
}).addToType('Customer', {
  name: 'surveyResponses',
  on: { customerId: 'id' },
  scope,
  description: 'What they answered and suggested, newest first.',
});

const RecordSurveyResponseInput = builder.inputType('RecordSurveyResponseInput', {
  description: 'What a customer answered to a survey, or suggested.',
  fields: (t) => ({
    key: t.field({
      type: keyInput('SurveyResponse'),
      description: 'Which. Left out, or an unknown external id: a new one.',
    }),
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Who answered.' }),
    kind: t.field({ type: SurveyKindEnum, required: true, description: 'What was asked.' }),
    rating: t.int({ description: 'On the scale of its kind; none for a suggestion.' }),
    comment: t.string({ description: 'In their words, up to 10,000 characters; a suggestion needs it.' }),
    case: t.field({ type: CaseKeyInput, description: 'The case it is about.' }),
    order: t.field({ type: OrderKeyInput, description: 'The order it is about.' }),
    interaction: t.field({ type: InteractionKeyInput, description: 'The interaction it is about.' }),
    respondedAt: t.field({ type: 'DateTime', description: 'When they answered, not in the future. Defaults to now.' }),
  }),
});

defineWrites(
  'SurveyResponse',
  'surveyResponse',
  'The response as it is kept.',
)({
  name: 'recordSurveyResponse',
  scope: 'feedback:write',
  input: RecordSurveyResponseInput,
  write: recordSurveyResponse,
  description: 'Records what somebody answered, or suggested. With a known external id it corrects that answer.',
});
