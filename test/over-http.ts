import { createServerAdapter } from '@whatwg-node/server';
import { useApi } from './api.ts';
import { useHttpServer } from './http-server.ts';

/** Serves the API over HTTP, with a workspace whose key authorizes the requests. */
export async function useApiOverHttp() {
  const api = await useApi();
  const shop = await api.tenant('shop');
  const authorization = `Bearer ${shop.secret}`;
  const url = await useHttpServer({ listener: createServerAdapter((request: Request) => api.fetch(request)) });
  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', authorization, ...headers } });
  const ask = (query: string, variables: object = {}) => post(JSON.stringify({ query, variables }));
  return { api, shop, authorization, url, post, ask };
}
