import type { Server } from '@modelcontextprotocol/server';
import { wrapTransport } from './wrap-transport.ts';

/** JSON of the response with the result of a request. Null if there is no result, or if the response is a stream. */
export type ResultBody = { json: string | null };

/**
 * Makes a server serialize the result of its only request. The SDK's transport gets an empty result instead. It would
 * check the whole result twice, and keep it in memory until the next full garbage collection.
 */
export function serializeResult(server: Server, body: ResultBody): void {
  wrapTransport(server, (transport) => {
    const send = transport.send.bind(transport);
    let isStream = false;
    const sendWithoutResult: typeof send = (message, options) => {
      // A message before the result turns the response into a stream.
      if (isStream || !('result' in message)) {
        isStream = true;
        return send(message, options);
      }
      body.json = JSON.stringify(message);
      return send({ ...message, result: {} }, options);
    };
    // The SDK needs the transport to be its own, so only this method is replaced.
    transport.send = sendWithoutResult;
    return transport;
  });
}

/** Returns the response of the SDK with the result that the server has serialized. */
export function withBody(response: Response, body: ResultBody): Response {
  const { json } = body;
  // The SDK still refers to `body` after the request.
  body.json = null;
  if (json === null) return response;
  const bytes = Buffer.from(json);
  response.headers.set('content-length', String(bytes.length));
  return new Response(bytes, response);
}
