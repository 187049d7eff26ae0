/** A key of the workspace, or what gives one: `isRefused` where the API does not know the last. */
export type TokenSource = string | ((isRefused: boolean) => string | Promise<string>);

/** The token at hand; one that was refused is renewed once for all requests that were refused with it. */
export class Token {
  readonly #ask: (isRefused: boolean) => Promise<string>;
  #renewed: string | null = null;
  #renewing: Promise<string> | null = null;

  constructor(source: TokenSource) {
    this.#ask = async (isRefused) => (typeof source === 'function' ? source(isRefused) : source);
  }

  /** One to send, and another than the one that was refused, if any. */
  async unlike(refused: string | null): Promise<string> {
    if (refused === null) return this.#ask(false);
    if (this.#renewed !== null && this.#renewed !== refused) return this.#renewed;
    this.#renewing ??= this.#ask(true).finally(() => {
      this.#renewing = null;
    });
    this.#renewed = await this.#renewing;
    return this.#renewed;
  }
}
