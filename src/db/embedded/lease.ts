import type { Duplex } from 'node:stream';

/** The right to use an embedded database, which serves one session at a time. */
export type Lease = {
  /** No other session ran since the last lease of this holder. */
  isContinued: boolean;
  /** A session may stay open until the holder's next lease. */
  isReusable: boolean;
  /** A stream for `pg`: what it sends is executed. */
  stream(): Duplex;
  end(): void;
};

export interface Leases {
  /** Waits for its turn, at most for `timeoutMs` where the database is open in this process. */
  lease(holder: object, timeoutMs: number): Promise<Lease>;
  close(): Promise<void>;
}
