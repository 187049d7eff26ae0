import { requestError } from './request-error.ts';

/** Parameters of a GraphQL request, with their types checked. `documentId` is undefined if it was not sent. */
export type Parameters = {
  query: string | null;
  documentId: unknown;
  operationName: string | null;
  variables: Record<string, unknown>;
  extensions: Record<string, unknown>;
};

const names = new Set(['query', 'documentId', 'operationName', 'variables', 'extensions']);

/** Checks the names and types of the parameters. Throws a `RequestError` if one of them is invalid. */
export function checkedParameters(sent: Record<string, unknown>): Parameters {
  for (const name in sent)
    if (!names.has(name) && sent[name] !== null)
      throw requestError({ status: 400 }, `\`${name}\` is not a parameter. Send only: ${[...names].join(', ')}.`);
  const query = textOf(sent, 'query');
  if (query !== null && (sent.documentId ?? null) !== null)
    throw requestError({ status: 400 }, 'Send either `query` or `documentId`, not both.');
  return {
    query,
    documentId: query === null ? sent.documentId : undefined,
    operationName: textOf(sent, 'operationName'),
    variables: objectOf(sent, 'variables'),
    extensions: objectOf(sent, 'extensions'),
  };
}

function textOf(sent: Record<string, unknown>, name: string): string | null {
  const value = sent[name] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw requestError({ status: 400 }, `\`${name}\` must be a string (got ${typeOf(value)}).`);
}

function objectOf(sent: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = sent[name] ?? {};
  if (isObject(value)) return value;
  throw requestError({ status: 400 }, `\`${name}\` must be an object (got ${typeOf(value)}).`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
