import type { Engine } from '../engine.ts';

export type TransportOptions = {
  engine: Engine;
  /** Called for every response, once its headers are known. */
  onAnswer: (answer: { path: string; requestId: string; status: number; ms: number }) => void;
  /** Maximum size of a request body in bytes. */
  maxBodyBytes: number;
  /** Origins whose pages may call from a browser. */
  corsOrigins: string[];
};
