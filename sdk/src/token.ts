/** A key of the workspace, or what gives one: `isRefused` where the API does not know the last. */
export type TokenSource = string | ((isRefused: boolean) => string | Promise<string>);

/** The token at hand; one that was refused is renewed once for all requests that were refused with it. */
export class Token {
  readonly #source: TokenSource;
  #renewed: string | null = null;
  #renewing: Promise<string> | null = null;

  constructor(source: TokenSource) {
    this.#source = source;
  }

  get canRenew(): boolean {
    return typeof this.#source === 'function';
  }

  async current(): Promise<string> {
    return typeof this.#source === 'string' ? this.#source : this.#source(false);
  }

  async renew(refused: string): Promise<string> {
    if (typeof this.#source === 'string') return this.#source;
    if (this.#renewed !== null && this.#renewed !== refused) return this.#renewed;
    this.#renewing ??= Promise.resolve(this.#source(true)).finally(() => {
      this.#renewing = null;
    });
    this.#renewed = await this.#renewing;
    return this.#renewed;
  }
}
