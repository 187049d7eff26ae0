const fixedHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'Origin',
};

/**
 * Headers of every response. They protect it from caching, framing, MIME sniffing and pages from other origins. Cookies
 * are never allowed: callers authenticate with a key.
 */
export function responseHeaders(
  requestId: string,
  origin: string | null,
  corsOrigins: string[],
): Record<string, string> {
  const always = { ...fixedHeaders, 'x-request-id': requestId };
  if (origin === null || !corsOrigins.includes(origin)) return always;
  return {
    ...always,
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'X-Request-Id, Retry-After, WWW-Authenticate, Mcp-Session-Id',
  };
}
