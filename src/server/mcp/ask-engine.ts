import { type Ask, type AskOptions, ToolError } from '../../mcp/ask.ts';
import type { RequestHead } from '../authentication.ts';
import type { Engine } from '../engine.ts';
import type { RequestHeaders } from '../http/request-headers.ts';

// Every error that a sender may see has a code.
type Extensions = { code: ToolError['code'] } & ToolError['details'];

/** Returns a function that runs operations with the credentials of a request, like any other request of its sender. */
export function askAs(engine: Engine, { headers, requestId }: RequestHead): Ask {
  return async (document: string, variables: object, options: AskOptions = {}) => {
    const { data, errors = [] } = await engine.result({
      requestId,
      headers: headersOf(headers, options),
      isReadOnly: false,
      isOwnDocument: true,
      isDryRun: options.isDryRun ?? false,
      readParameters: () => ({ query: document, variables }),
    });
    const [error] = errors;
    if (!error) return JSON.parse(Buffer.isBuffer(data) ? data.toString() : JSON.stringify(data));
    const extensions = error.extensions as Extensions;
    const { code, field, missingScopes, retryAfterMs, currentVersion, refusal, nextAllowedAt } = extensions;
    // A tool has an argument for the header.
    const message = error.message.replace('the header X-Rapport-Purpose', '`purpose`');
    throw new ToolError(code, message, {
      ...(field && { field }),
      ...(missingScopes && { missingScopes }),
      ...(retryAfterMs && { retryAfterMs }),
      ...(currentVersion !== undefined && { currentVersion }),
      ...(refusal && { refusal }),
      ...(nextAllowedAt && { nextAllowedAt }),
    });
  };
}

// The conditions of the outer request are not those of the operation.
function headersOf(headers: RequestHeaders, { purpose, identityProof, idempotencyKey }: AskOptions): RequestHeaders {
  const own: Record<string, string | null> = {
    authorization: headers.get('authorization'),
    'x-rapport-purpose': purpose ?? headers.get('x-rapport-purpose'),
    'x-rapport-identity-proof': identityProof ?? null,
    'idempotency-key': idempotencyKey ?? null,
  };
  return { get: (name) => own[name] ?? null };
}
