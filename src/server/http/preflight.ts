const pageMethods = ['GET', 'POST'];
const pageHeaders = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'X-Rapport-Customer',
  'X-Rapport-Identity-Proof',
  'X-Rapport-Purpose',
  'X-Request-Id',
  'Mcp-Protocol-Version',
  'Mcp-Method',
  'Mcp-Name',
  'Mcp-Session-Id',
];

/** Headers of the response to a preflight request of an allowed origin. */
export const preflightHeaders = {
  'access-control-allow-methods': pageMethods.join(', '),
  'access-control-allow-headers': pageHeaders.join(', '),
  'access-control-max-age': '86400',
};

/**
 * Returns why a browser will block the request that a preflight request announces, or null. Browsers read only the
 * headers of the response. The text is for the developer who debugs it.
 */
export function preflightProblem(headers: Headers, corsOrigins: string[]): string | null {
  const [origin, method] = [headers.get('origin'), headers.get('access-control-request-method')];
  if (origin === null) return null;
  const wanted = (headers.get('access-control-request-headers') ?? '').split(',').map((name) => name.trim());
  const allowed = new Set(['', ...pageHeaders.map((name) => name.toLowerCase())]);
  if (!corsOrigins.includes(origin))
    return 'Pages from this origin are not allowed to call the API. Add the origin to RAPPORT_CORS_ORIGINS and restart the server.';
  if (method !== null && !pageMethods.includes(method))
    return `Cross-origin requests can only use the methods ${pageMethods.join(' and ')}.`;
  if (!wanted.every((name) => allowed.has(name.toLowerCase())))
    return `Cross-origin requests can only have these headers: ${pageHeaders.join(', ')}.`;
  return null;
}
