type Waiting = { start: () => void };

/** A lock that is granted in the order of the requests. */
export class Turns {
  #isTaken = false;
  readonly #waiting: Waiting[] = [];

  /** Resolves to a function that ends the turn. Rejects if others hold the lock for longer than `timeoutMs`. */
  async take(timeoutMs: number): Promise<() => void> {
    if (this.#isTaken) await this.#wait(timeoutMs);
    this.#isTaken = true;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#isTaken = false;
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
        reject(new TurnTimeout());
      }, timeoutMs);
      this.#waiting.push(waiting);
    });
  }
}

class TurnTimeout extends Error {
  readonly code = '57014';

  constructor() {
    super('timeout exceeded when waiting for the embedded database');
  }
}
