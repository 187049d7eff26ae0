type Waiting = { start: () => void };

/** A lock that is granted in the order of the requests. */
export class FairLock {
  #isLocked = false;
  readonly #waiting: Waiting[] = [];

  /** Resolves to a function that releases the lock. Rejects if others hold the lock for longer than `timeoutMs`. */
  async acquire(timeoutMs: number): Promise<() => void> {
    if (this.#isLocked) await this.#wait(timeoutMs);
    this.#isLocked = true;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#isLocked = false;
    };
  }

  #wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        start: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new LockTimeout());
      }, timeoutMs);
      this.#waiting.push(waiting);
    });
  }
}

class LockTimeout extends Error {
  readonly code = '57014';

  constructor() {
    super('timeout exceeded when waiting for the embedded database');
  }
}
