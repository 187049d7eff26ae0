const nouns = ['customers', 'products', 'orders', 'preferences', 'interactions', 'cases', 'feedback', 'keys'] as const;

/** Everything a key can be allowed, noun by noun. */
export const allScopes: string[] = ['workspace:read', ...nouns.flatMap((noun) => [`${noun}:read`, `${noun}:write`])];

/** What a key may do when nothing else is said: read all but the keys. */
export const readScopes = allScopes.filter((scope) => scope.endsWith(':read') && scope !== 'keys:read');
