import type { Server } from '@modelcontextprotocol/server';

/** Body of the response to a request. Null if it has no result, or if the result is part of a stream. */
export type ResultBody = { json: string | null };

/**
 * Makes a server serialize the result of its only request. The SDK's transport gets an empty one instead, because it
 * would check the whole result twice, and keep it in memory until the next full garbage collection.
 */
export function serializeResult(server: Server, body: ResultBody): void {
  const { connect } = server;
  // V8 would keep what a function refers to as long, if it were not named first.
  const connectAndTake: Server['connect'] = (transport) => {
    const send = transport.send.bind(transport);
    let isStream = false;
    const sendBriefly: typeof send = (message, options) => {
      if (isStream || !('result' in message)) {
        isStream = true;
        return send(message, options);
      }
      body.json = JSON.stringify(message);
      return send({ ...message, result: {} }, options);
    };
    transport.send = sendBriefly;
    return connect.call(server, transport);
  };
  server.connect = connectAndTake;
}

/** Returns the response with the body that the server has serialized, if it has. */
export function withBody(response: Response, body: ResultBody): Response {
  const { json } = body;
  // The server lives longer than the request.
  body.json = null;
  return json === null ? response : new Response(json, response);
}
