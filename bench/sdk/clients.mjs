// One request with each client as its documentation shows it, with its own features against faults.
import { createClient } from '@rapport/sdk';
import { Client, fetchExchange, gql } from '@urql/core';
import { GraphQLClient } from 'graphql-request';
import Stripe from 'stripe';
import { email, token } from './faults.ts';

const query = 'query Workspace($email: String) { workspace { id slug name } }';
const timeoutMs = 1_000;

/** @type {Record<string, import('./faults.ts').ClientCall>} */
export const clients = {
  '@rapport/sdk': (url, renew) =>
    createClient({ url, token: (isRefused) => (isRefused ? renew() : token), timeoutMs }).request(query, {
      email,
    }),
  // This client has no timeout, retries or token renewal.
  'graphql-request': (url) =>
    new GraphQLClient(url, { headers: { authorization: `Bearer ${token}` } }).request({
      document: query,
      variables: { email },
      signal: AbortSignal.timeout(timeoutMs),
    }),
  // This one has none either; it returns errors as values.
  '@urql/core': async (url) => {
    const fetchOptions = () => ({
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const client = new Client({ url, exchanges: [fetchExchange], fetchOptions, preferGetMethod: false });
    const { data, error } = await client.query(gql(query), { email }).toPromise();
    if (error) throw error;
    return data;
  },
  stripe: (url) => {
    const { hostname: host, port } = new URL(url);
    const options = { host, port, protocol: 'http', timeout: timeoutMs, maxNetworkRetries: 3 };
    return new Stripe(token, options).customers.list({ email });
  },
};
