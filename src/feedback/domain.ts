import { externalIdColumns } from '../manifest.ts';

export const scopes = [{ noun: 'feedback', covers: 'survey responses', readers: 'CUSTOMERS' }] as const;

export const tables = {
  SurveyResponse: {
    idPrefix: 'survey',
    hasExternalIds: true,
    time: 'respondedAt',
    customerRows: 'OWN',
    columns: { ...externalIdColumns, comment: 'FREE_TEXT' },
    erasure: 'DELETE',
    timeline: { kind: 'SURVEY_RESPONSE', description: 'A survey response or suggestion, dated when it was given.' },
    history: {
      name: 'surveyResponses',
      description: 'Survey responses of the customer, newest first.',
      purposes: ['SUPPORT', 'PERSONALISATION', 'ANALYTICS'],
      isExpected: true,
    },
    fact: { columns: ['kind', 'rating', 'respondedAt'] },
  },
} as const;

export const records = {
  surveyResponse: {
    writer: ['survey-responses.ts', 'surveyResponseWriter'],
    isKeyOptional: true,
    example: {
      key: { externalId: 's1' },
      customer: { externalId: 'c1' },
      kind: 'CSAT',
      rating: 4,
      case: { externalId: 'k1' },
      respondedAt: '2026-01-22T08:00:00Z',
    },
  },
} as const;

export const schemaModules = ['schema.ts'] as const;
