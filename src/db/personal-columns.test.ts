import { expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { personalColumns } from './personal-columns.ts';

const { database } = await useDatabase();

it('knows of every column that holds text whether it is personal', async () => {
  const plain = `AuditEvent: changes keyName entity operation piiClasses requestId
    ApiKey: name prefix scopes
    Case: assignee externalId source
    CaseHandoff: to
    Consent: source
    ConsentEvent: source
    ContactPoint:
    Customer: country locale quietFrom quietUntil timezone title
    CustomerExternalId: source
    CustomerStatistics: currencyCode
    CustomerTag: labelKey tag
    Address: countryCode
    Fulfillment: carrier externalId source trackingNumber
    IdempotencyRecord: fingerprint key result
    ImportCheckpoint: fingerprint pass source summary
    Interaction: externalId source topics
    Location: countryCode externalId name sortName source timezone
    Order: currencyCode externalId number source
    OrderLine: externalId sku source title
    PastState: entity
    Payment: currencyCode externalId method source
    Preference: key source values
    PreferenceDefinition: allowedValues key label
    Product: category externalId sortName source tags title
    ProductVariant: currencyCode options sku
    Return: currencyCode externalId source
    RateLimit: holder
    RfmBounds: currencyCode
    ErasedKey: hash
    ErasureRequest: failure keyName
    ReturnLine: sku title
    SurveyResponse: externalId source`;
  const known = plain.split('\n').flatMap((line) => {
    const [table = '', columns = ''] = line.trim().split(':');
    return columns.split(' ').flatMap((name) => (name ? [`${table}.${name}`] : []));
  });
  const personal = Object.entries(personalColumns).flatMap(([table, columns]) =>
    Object.keys(columns).map((name) => `${table}.${name}`),
  );
  const { rows } = await database.pool.query<{ name: string; type: string }>(`
    SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, NULL) AS type FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relname NOT IN ('_prisma_migrations', 'Workspace')`);

  const texts = rows.flatMap(({ name, type }) => (/^(text|jsonb)/.test(type) ? [name] : []));
  const unknown = texts.filter((name) => !known.includes(name) && !personal.includes(name));
  const gone = [...known, ...personal].filter((name) => !rows.some((row) => row.name === name));
  expect({ unknown, gone }).toEqual({ unknown: [], gone: [] });
});
