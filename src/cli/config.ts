import * as z from 'zod';
import { defaultLimits, defaultMaxBodyBytes, defaultQueryTimeoutMs, type Limits } from '../lib/limits.ts';

const most = (unless: number) =>
  z.coerce.number('must be a number').int('must be a whole number').min(1, 'must be at least 1').default(unless);

const origins = (example: string) =>
  z
    .string()
    .regex(
      /^(https?:\/\/[^\s,/]+(\s*,\s*https?:\/\/[^\s,/]+)*)?$/,
      `must be comma-separated origins such as ${example}`,
    )
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .default([]);

const variables = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
    .nullable()
    .default(null),
  RAPPORT_DATA_DIR: z.string().min(1, 'must not be empty').default('.rapport'),
  PORT: z.coerce
    .number('must be a port number')
    .int('must be a port number')
    .min(0, 'must be 0 to 65535')
    .max(65_535, 'must be 0 to 65535')
    .default(4000),
  HOST: z.string().min(1, 'must not be empty').default('127.0.0.1'),
  NODE_ENV: z
    .enum(['development', 'test', 'production'], 'must be development, test or production')
    .default('development'),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    )
    .default('info'),
  RAPPORT_CORS_ORIGINS: origins('https://app.example'),
  RAPPORT_PUBLIC_URLS: origins('https://crm.example'),
  RAPPORT_MAX_BODY_BYTES: most(defaultMaxBodyBytes),
  RAPPORT_MAX_TOKENS: most(defaultLimits.tokens),
  RAPPORT_MAX_DEPTH: most(defaultLimits.depth),
  RAPPORT_MAX_ALIASES: most(defaultLimits.aliases),
  RAPPORT_MAX_DIRECTIVES: most(defaultLimits.directives),
  RAPPORT_MAX_REPEATS: most(defaultLimits.repeats),
  RAPPORT_MAX_MUTATIONS: most(defaultLimits.mutations),
  RAPPORT_MAX_COST: most(defaultLimits.cost),
  RAPPORT_MAX_COST_PER_MINUTE: most(defaultLimits.costPerMinute),
  RAPPORT_QUERY_TIMEOUT_MS: most(defaultQueryTimeoutMs),
  RAPPORT_DOCUMENTS: z.enum(['any', 'trusted'], 'must be any or trusted').default('any'),
});

export type Config = {
  databaseUrl: string | null;
  dataDir: string;
  port: number;
  host: string;
  isProduction: boolean;
  logLevel: string;
  /** Origins whose pages may call the API. Empty by default. */
  corsOrigins: string[];
  /** Addresses at which clients reach the server. Empty if only programs on this machine do. */
  publicUrls: string[];
  maxBodyBytes: number;
  queryTimeoutMs: number;
  /** Whether the API accepts only trusted documents. */
  onlyTrustedDocuments: boolean;
  limits: Limits;
};

/** Read by `rapport mcp` and the SDK examples, whose shell may also start the server. */
const clientVariables = ['RAPPORT_KEY', 'RAPPORT_CUSTOMER'];

/** The API key of a client, and the ID of the only customer whom it serves. Null if it serves all. */
export type Client = { key: string; customerId: string | null };

/** Reads the variables of a client. Throws if the key is missing, or the customer is malformed. */
export function readClient(environment: Record<string, string | undefined> = process.env): Client {
  const key = environment.RAPPORT_KEY?.trim();
  if (!key) throw new ConfigError('Set RAPPORT_KEY to an API key. Create one with: rapport keys create');
  const customerId = environment.RAPPORT_CUSTOMER?.trim() ?? null;
  // An empty value must not lift the limit.
  if (customerId !== null && !/^customer_[0-9a-z]{26}$/.test(customerId))
    throw new ConfigError(
      'RAPPORT_CUSTOMER must be the ID of a customer, such as customer_01h455vb4pex5vsknk084sn02q.',
    );
  return { key, customerId };
}

/** Reads the environment, which no other code does. Throws one error that names every invalid variable. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const given = Object.keys(variables.shape).filter((name) => environment[name] !== undefined);
  const result = variables.safeParse(Object.fromEntries(given.map((name) => [name, environment[name]])));
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith('RAPPORT_') && !(name in variables.shape) && !clientVariables.includes(name),
  );
  const problems = [
    ...unknown.map((name) => `${name} is not a known variable`),
    ...(result.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`),
  ];
  if (!result.success || problems.length > 0)
    throw new ConfigError(`Invalid environment variables: ${problems.join('; ')}.`);
  const { DATABASE_URL, RAPPORT_DATA_DIR, PORT, HOST, NODE_ENV, LOG_LEVEL } = result.data;
  return {
    databaseUrl: DATABASE_URL,
    dataDir: RAPPORT_DATA_DIR,
    port: PORT,
    host: HOST,
    isProduction: NODE_ENV === 'production',
    logLevel: LOG_LEVEL,
    corsOrigins: result.data.RAPPORT_CORS_ORIGINS,
    publicUrls: result.data.RAPPORT_PUBLIC_URLS,
    maxBodyBytes: result.data.RAPPORT_MAX_BODY_BYTES,
    queryTimeoutMs: result.data.RAPPORT_QUERY_TIMEOUT_MS,
    onlyTrustedDocuments: result.data.RAPPORT_DOCUMENTS === 'trusted',
    limits: {
      characters: defaultLimits.characters,
      tokens: result.data.RAPPORT_MAX_TOKENS,
      depth: result.data.RAPPORT_MAX_DEPTH,
      aliases: result.data.RAPPORT_MAX_ALIASES,
      directives: result.data.RAPPORT_MAX_DIRECTIVES,
      repeats: result.data.RAPPORT_MAX_REPEATS,
      mutations: result.data.RAPPORT_MAX_MUTATIONS,
      cost: result.data.RAPPORT_MAX_COST,
      costPerMinute: result.data.RAPPORT_MAX_COST_PER_MINUTE,
    },
  };
}

export class ConfigError extends Error {}
