/** The time limit of a request, combined with the caller's signal. */
type Deadline = [
  /** Aborts when the deadline ends, with the reason TIMEOUT, or ABORTED if the caller canceled the request. */
  signal: AbortSignal,
  /** Resolves like the promise, but rejects as soon as the deadline ends, even if the promise ignores the signal. */
  within: <T>(promise: T | Promise<T>) => Promise<T>,
  /** Returns whether this much time is left. */
  allows: (ms: number) => boolean,
  /** Clears the timer and the listeners. */
  release: () => void,
];

/** Creates a deadline that ends after `ms`, or when the caller aborts. */
export function deadlineIn(ms: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const started = performance.now();
  const ended = new Promise<never>((_, reject) => signal.addEventListener('abort', reject));
  ended.catch(() => undefined);
  const abort = () => controller.abort('ABORTED');
  caller?.addEventListener?.('abort', abort);
  if (caller?.aborted) abort();
  // Timers accept no longer delay; with more, they would fire immediately.
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
