import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import type { Server } from '../src/server/create-server.ts';

/** Serves the API on a free local port until the tests of the file end. Returns its URL. */
export async function useHttpServer({ listener }: Pick<Server, 'listener'>): Promise<string> {
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  afterAll(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
}
