import { type ClientOptions, createClient } from './client.ts';
import { type Api, apiOf } from './generated/api.ts';
import { Methods } from './methods.ts';

/** Creates an object with a method for every operation of the API, grouped by subject. */
export function createApi(options: ClientOptions): Api {
  return apiOf(new Methods(createClient(options)));
}

export type { Cost } from './answer.ts';
export type { Attempt, ClientOptions, RequestOptions } from './client.ts';
export { RapportError, type RapportErrorCode, type RapportErrorDetails, type RapportErrorPart } from './error.ts';
export type { Api } from './generated/api.ts';
export type * from './generated/types.ts';
export type { Method, Result } from './methods.ts';
export { type Connection, Pages } from './paginate.ts';
