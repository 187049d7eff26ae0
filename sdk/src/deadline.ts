// A timer takes no more, and ends at once where it is given more.
const longest = 2 ** 31 - 1;

/** The time that a request has in all, and whoever may end it before: what waits within it waits no longer. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #ended: Promise<never>;
  readonly #end: () => void;
  #why: 'TIMEOUT' | 'ABORTED' | null = null;

  constructor(ms: number, caller: AbortSignal | undefined) {
    const { signal } = this.#controller;
    this.#ended = new Promise((_, reject) => signal.addEventListener('abort', reject));
    this.#ended.catch(() => undefined);
    const stop = (why: 'TIMEOUT' | 'ABORTED') => {
      this.#why ??= why;
      this.#controller.abort();
    };
    const abort = () => stop('ABORTED');
    const timer = setTimeout(stop, Math.min(ms, longest), 'TIMEOUT');
    this.#end = () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    };
    caller?.addEventListener('abort', abort);
    if (caller?.aborted) abort();
  }

  /** Aborts with it. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it has ended; null while it has not. */
  get why(): 'TIMEOUT' | 'ABORTED' | null {
    return this.#why;
  }

  /** What the promise gives; rejects as soon as the deadline ends, even where whoever made the promise does not heed it. */
  within<T>(promise: T | Promise<T>): Promise<T> {
    return Promise.race([this.#ended, promise]);
  }

  /** Waits so long; rejects where the deadline ends before. */
  sleep(ms: number): Promise<void> {
    return this.within(new Promise((resolve) => setTimeout(resolve, ms)));
  }

  /** Nothing waits any more. */
  release(): void {
    this.#end();
  }
}
