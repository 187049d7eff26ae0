export * from './generated/operations.ts';
export type * from './generated/types.ts';
