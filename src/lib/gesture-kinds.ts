/** Kinds of gestures, with their descriptions. */
export const gestureKinds = {
  THANK_YOU: 'Thanks for a purchase in the last two weeks.',
  BIRTHDAY:
    'Birthday wishes, on the day in the customer’s time zone. In non-leap years, February 29 counts as February 28.',
  FOLLOW_UP: 'Check-in after a case was resolved in the last 30 days.',
  WIN_BACK: 'Invitation to return, because the next order is overdue by the customer’s usual rhythm.',
  APOLOGY: 'Apology for a promise that was broken or is past due.',
} as const;

export type GestureKind = keyof typeof gestureKinds;

/** The purpose that each kind of gesture needs consent for. */
export const purposeOfGesture: Record<GestureKind, string> = {
  THANK_YOU: 'SUPPORT',
  BIRTHDAY: 'PERSONALISATION',
  FOLLOW_UP: 'SUPPORT',
  WIN_BACK: 'MARKETING',
  APOLOGY: 'SUPPORT',
};

/** Whether a gesture should wait while a complaint of the customer is open. */
export function waitsForComplaint(kind: GestureKind): boolean {
  return kind !== 'APOLOGY' && kind !== 'FOLLOW_UP';
}
