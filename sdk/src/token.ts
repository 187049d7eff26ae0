/** A key of the workspace, or what gives one: `isRefused` where the API does not know the last. */
export type TokenSource = string | ((isRefused: boolean) => string | Promise<string>);

/**
 * What gives the token at hand, and another than the one that was refused, if any: that is renewed once for all requests
 * that were refused within a moment, and anew after that, since it may be over by then.
 */
export function tokenFrom(source: TokenSource): (refused: string | null) => Promise<string> {
  let renewed = '';
  let renewedAt = 0;
  let renewing: Promise<string> | null = null;
  // A key that was read from a file ends with a line break.
  const ask = async (isRefused: boolean) => (typeof source === 'function' ? await source(isRefused) : source).trim();

  return async (refused) => {
    if (refused === null) return ask(false);
    if (renewed !== refused && Date.now() < renewedAt + 5_000) return renewed;
    renewing ??= ask(true).finally(() => {
      renewing = null;
    });
    renewed = await renewing;
    renewedAt = Date.now();
    return renewed;
  };
}
