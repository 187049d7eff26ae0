export { type Client, type ClientOptions, createClient, type VariablesOf } from './client.ts';
export type { Document } from './document.ts';
export { RapportError, type RapportErrorCode, type RapportErrorDetails } from './error.ts';
export * from './generated.ts';
