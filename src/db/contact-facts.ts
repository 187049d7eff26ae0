import { workspace } from './statements.ts';

/**
 * SQL for the members of a JSON object that decide whether a customer may be contacted: `timezone`, `quiet` hours, and
 * the `decisions` on consent until an instant. Takes the alias of the customer and SQL for the instant.
 */
export function contactFactsSql(customer: string, instant: string): string {
  return `'timezone', ${customer}."timezone", 'quiet', CASE WHEN ${customer}."quietFrom" IS NOT NULL AND ${customer}."quietUntil" IS NOT NULL
    THEN json_build_object('from', ${customer}."quietFrom", 'until', ${customer}."quietUntil") END, 'decisions', (SELECT coalesce(json_agg("consentRow"), '[]') FROM
    (SELECT n."channel", n."purpose", n."status", n."expiresAt" FROM "Consent" n WHERE n."workspaceId" = ${workspace}
      AND n."customerId" = ${customer}."id" AND n."capturedAt" <= ${instant}) "consentRow")`;
}
