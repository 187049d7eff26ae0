/** The platform's `AbortSignal`, where its types are there; nothing is asked of them. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Instance } } ? Instance : unknown;

/** What is sent, as the platform's `fetch` takes it. */
export type FetchInit = {
  method: 'POST';
  headers: Record<string, string>;
  body: string;
  /** Answers with a redirection instead of following it: the token is for one address. */
  redirect: 'manual';
  signal: Signal;
};

/** What of an answer is read. */
export type FetchResponse = {
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
};

/** `fetch`, or what stands in for it. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;
