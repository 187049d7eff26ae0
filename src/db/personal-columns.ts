import { classOfText, type PiiClass } from '../lib/pii.ts';

/** What a column says of a person: a class of personal data, by its value where the row's kind decides, or a name. */
export type PersonalColumn = PiiClass | 'CONTACT' | 'NAME';

/** Every column that may hold something personal, by table. A test fails on a column of text that is nowhere here. */
export const personalColumns: Record<string, Record<string, PersonalColumn>> = {
  Customer: {
    displayName: 'NAME',
    givenName: 'NAME',
    familyName: 'NAME',
    shortName: 'NAME',
    salutation: 'NAME',
    birthMonth: 'BIRTHDAY',
    birthDay: 'BIRTHDAY',
    birthYear: 'BIRTHDAY',
    note: 'FREE_TEXT',
    searchText: 'CONTACT',
    sortName: 'CONTACT',
  },
  ContactPoint: { value: 'CONTACT', normalizedValue: 'CONTACT' },
  CustomerExternalId: { value: 'NAME' },
  Address: { lines: 'ADDRESS', city: 'ADDRESS', region: 'ADDRESS', postalCode: 'ADDRESS' },
  Order: { cancelReason: 'FREE_TEXT', shippingAddress: 'ADDRESS', note: 'FREE_TEXT' },
  Return: { reason: 'FREE_TEXT' },
  Preference: { evidence: 'FREE_TEXT' },
  Consent: { evidence: 'FREE_TEXT' },
  ConsentEvent: { evidence: 'FREE_TEXT' },
  Interaction: {
    actorName: 'NAME',
    actorRef: 'NAME',
    subject: 'FREE_TEXT',
    body: 'FREE_TEXT',
    metadata: 'FREE_TEXT',
  },
  Case: { subject: 'FREE_TEXT', cause: 'FREE_TEXT', remedy: 'FREE_TEXT', promiseText: 'FREE_TEXT' },
  CaseHandoff: { fromName: 'NAME', reason: 'FREE_TEXT', tried: 'FREE_TEXT', openQuestions: 'FREE_TEXT' },
  SurveyResponse: { comment: 'FREE_TEXT' },
  PastState: { state: 'FREE_TEXT' },
};

/** The classes whose scopes show this value, all of them. A value alone does not tell an e-mail from a phone for sure. */
export function classesOfColumn(table: string, column: string, value: unknown): PiiClass[] {
  const personal = personalColumns[table]?.[column];
  if (personal === 'CONTACT') return ['EMAIL', 'PHONE'];
  const piiClass = personal === 'NAME' ? classOfText(value) : personal;
  return piiClass ? [piiClass] : [];
}
