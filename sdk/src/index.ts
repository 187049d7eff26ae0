export type { Cost } from './answer.ts';
export {
  type Attempt,
  type Client,
  type ClientOptions,
  type CommonOptions,
  createClient,
  type DocumentSource,
  type RequestOptions,
  type SentDocument,
  type VariablesOf,
} from './client.ts';
export type { Document } from './document.ts';
export { RapportError, type RapportErrorCode, type RapportErrorDetails, type RapportErrorPart } from './error.ts';
export type * from './generated/types.ts';
export type { Fetch, FetchInit, FetchResponse, Signal } from './platform.ts';
export type { TokenSource } from './token.ts';
