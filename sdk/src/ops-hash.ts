export * from './generated/operations-by-hash.ts';
export type * from './generated/types.ts';
