/** The time that a request has in all, and whoever may end it before: what waits within it waits no longer. */
export type Deadline = {
  /** Aborts with it. */
  readonly signal: AbortSignal;
  /** Why it has ended; null while it has not. */
  why: 'TIMEOUT' | 'ABORTED' | null;
  /** Whether there is still so much time. */
  allows(ms: number): boolean;
  /** What the promise gives; rejects as soon as the deadline ends, even where whoever made the promise does not heed it. */
  within<T>(promise: T | Promise<T>): Promise<T>;
  /** Nothing waits any more. */
  release(): void;
};

/** One that ends after so long, or with the caller's signal. */
export function deadlineIn(ms: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const endsAt = performance.now() + ms;
  const ended = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  ended.catch(() => undefined);
  const end = (why: 'TIMEOUT' | 'ABORTED') => {
    deadline.why ??= why;
    controller.abort();
  };
  const abort = () => end('ABORTED');
  // A timer takes no more, and ends at once where it is given more.
  const timer = setTimeout(end, Math.min(ms, 2 ** 31 - 1), 'TIMEOUT');
  const deadline: Deadline = {
    signal,
    why: null,
    allows: (ms) => performance.now() + ms < endsAt,
    within: (promise) => Promise.race([ended, promise]),
    release() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
  caller?.addEventListener('abort', abort);
  if (caller?.aborted) abort();
  return deadline;
}
