import type { Duplex } from 'node:stream';

/** The right to use an embedded database. Only one session can hold it at a time. */
export type Lease = {
  /** True if no other session ran since the holder's last lease. */
  isContinued: boolean;
  /** True if a session may stay open until the holder's next lease. */
  isReusable: boolean;
  /** Opens a stream for `pg` that executes everything written to it. */
  stream(): Duplex;
  end(): void;
};

export interface Leases {
  /** Waits for a turn. If the database is open in this process, waits at most `timeoutMs`. */
  lease(holder: object, timeoutMs: number): Promise<Lease>;
  close(): Promise<void>;
}
