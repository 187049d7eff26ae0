import type { McpOptions } from './mcp-options.ts';

export const mcpPath = '/mcp';
/** Path of the metadata of a protected resource (RFC 9728). The path of the resource may follow. */
export const metadataPath = '/.well-known/oauth-protected-resource';

/** Returns the address of `/mcp` and of its metadata, as the client reaches them. */
export function urlsOf(request: Request, { publicUrls }: Pick<McpOptions, 'publicUrls'>) {
  const { hostname, origin } = new URL(request.url);
  // A proxy may serve another scheme and port.
  const reached = publicUrls.find((url) => new URL(url).hostname === hostname) ?? origin;
  return { resource: `${reached}${mcpPath}`, metadata: `${reached}${metadataPath}${mcpPath}` };
}

/** Says that `/mcp` takes bearer tokens, which are API keys, and which scopes they can have. */
export function resourceMetadata(request: Request, options: McpOptions): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
  return Response.json({
    resource: urlsOf(request, options).resource,
    resource_name: 'Rapport',
    bearer_methods_supported: ['header'],
    scopes_supported: options.scopes,
  });
}
