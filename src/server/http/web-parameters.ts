import { requestError } from '../request-error.ts';
import { jsonBody, jsonObject } from './request-body.ts';

/** Reads the parameters of a web request. Throws a `RequestError` if its method, type, size or JSON is not accepted. */
export async function parametersOf(request: Request, maxBodyBytes: number): Promise<Record<string, unknown>> {
  if (request.method === 'GET') return parametersIn(new URL(request.url).searchParams);
  if (request.method !== 'POST')
    throw requestError({ status: 405, headers: { allow: 'GET, POST' } }, 'Send GraphQL requests with GET or POST.');
  checkType(request.headers.get('content-type') ?? '');
  return jsonBody(await bodyOf(request, maxBodyBytes));
}

// Other parameters are ignored, because caches and proxies add their own.
function parametersIn(search: URLSearchParams): Record<string, unknown> {
  return {
    query: search.get('query') || null,
    operationName: search.get('operationName') || null,
    variables: jsonObject(search.get('variables') || '{}', 'variables'),
    extensions: jsonObject(search.get('extensions') || '{}', 'extensions'),
  };
}

function checkType(contentType: string): void {
  const [mediaType, ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  if (mediaType !== 'application/json') throw requestError({ status: 415 }, 'Send the operation as application/json.');
  const charset = parameters.find((part) => part.startsWith('charset='));
  if (charset && !/^charset="?utf-?8"?$/.test(charset))
    throw requestError({ status: 415 }, 'The charset must be UTF-8.');
}

// Stops reading at the limit. The announced length may be wrong.
async function bodyOf(request: Request, maxBodyBytes: number): Promise<Buffer> {
  const tooLong = () =>
    requestError({ status: 413 }, `The body can have at most ${maxBodyBytes} bytes. Split the request.`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLong();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBodyBytes) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
