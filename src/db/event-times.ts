/** Column of each table with the time since which a row counts. Before it, the row has not happened yet. */
export const eventTimes = {
  Order: 'placedAt',
  Return: 'occurredAt',
  Case: 'openedAt',
  Interaction: 'occurredAt',
  SurveyResponse: 'respondedAt',
  Preference: 'validFrom',
  Consent: 'capturedAt',
  PurchasedProduct: 'firstBoughtAt',
} as const;

export type EventTable = keyof typeof eventTimes;
