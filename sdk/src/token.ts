/** A key of the workspace, or what gives one: `isRefused` where the API does not know the last. */
export type TokenSource = string | ((isRefused: boolean) => string | Promise<string>);

/**
 * What gives the token at hand, and another than the one that was refused, if any: that is renewed once for all requests
 * that were refused with it.
 */
export function tokenFrom(source: TokenSource): (refused: string | null) => Promise<string> {
  let renewed: string | null = null;
  let renewing: Promise<string> | null = null;
  const ask = async (isRefused: boolean) => (typeof source === 'function' ? source(isRefused) : source);

  return async (refused) => {
    if (refused === null) return ask(false);
    if (renewed !== null && renewed !== refused) return renewed;
    renewing ??= ask(true).finally(() => {
      renewing = null;
    });
    renewed = await renewing;
    return renewed;
  };
}
