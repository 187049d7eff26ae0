// A timer takes no more, and ends at once where it is given more.
const longest = 2 ** 31 - 1;

/** The time that a request has in all, and whoever may end it before: what waits within it waits no longer. */
export class Deadline {
  /** Aborts with it. */
  readonly signal: AbortSignal;
  /** Why it has ended; null while it has not. */
  why: 'TIMEOUT' | 'ABORTED' | null = null;
  /** Nothing waits any more. */
  readonly release: () => void;
  readonly #ended: Promise<never>;
  readonly #endsAt: number;

  constructor(ms: number, caller: AbortSignal | undefined) {
    const controller = new AbortController();
    const end = (why: 'TIMEOUT' | 'ABORTED') => {
      this.why ??= why;
      controller.abort();
    };
    const abort = () => end('ABORTED');
    this.signal = controller.signal;
    this.#ended = new Promise((_, reject) => this.signal.addEventListener('abort', reject));
    this.#ended.catch(() => undefined);
    this.#endsAt = performance.now() + ms;
    const timer = setTimeout(end, Math.min(ms, longest), 'TIMEOUT');
    caller?.addEventListener('abort', abort);
    if (caller?.aborted) abort();
    this.release = () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    };
  }

  /** Whether there is still so much time. */
  allows(ms: number): boolean {
    return performance.now() + ms < this.#endsAt;
  }

  /** What the promise gives; rejects as soon as the deadline ends, even where whoever made the promise does not heed it. */
  within<T>(promise: T | Promise<T>): Promise<T> {
    return Promise.race([this.#ended, promise]);
  }

  /** Waits so long; rejects where the deadline ends before. */
  sleep(ms: number): Promise<void> {
    return this.within(new Promise((resolve) => setTimeout(resolve, ms)));
  }
}
