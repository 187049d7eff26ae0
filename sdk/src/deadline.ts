/** The time that a request has in all, and whoever may end it before. */
type Deadline = [
  /** Aborts with it; its reason is why: TIMEOUT, or ABORTED by the caller. */
  signal: AbortSignal,
  /** What the promise gives; rejects as soon as the deadline ends, even where whoever made the promise does not heed it. */
  within: <T>(promise: T | Promise<T>) => Promise<T>,
  /** Whether there is still so much time. */
  allows: (ms: number) => boolean,
  /** Nothing waits any more. */
  release: () => void,
];

/** One that ends after so long, or with the caller's signal. */
export function deadlineIn(ms: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const started = performance.now();
  const ended = new Promise<never>((_, reject) => signal.addEventListener('abort', reject));
  ended.catch(() => undefined);
  const abort = () => controller.abort('ABORTED');
  caller?.addEventListener?.('abort', abort);
  if (caller?.aborted) abort();
  // A timer takes no more, and ends at once where it is given more.
  const timer = setTimeout(() => controller.abort('TIMEOUT'), Math.min(ms, 2 ** 31 - 1));
  return [
    signal,
    (promise) => Promise.race([ended, promise]),
    (delay) => performance.now() - started + delay < ms,
    () => {
      clearTimeout(timer);
      caller?.removeEventListener?.('abort', abort);
    },
  ];
}
