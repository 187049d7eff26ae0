/** What a log may say of a fault: where it arose, and no value that was at hand. */
export type FaultReport = { type: string; code?: string; message?: string; stack: string[] };

/**
 * Messages quote values: the database's whole rows, its client's whole queries, libraries what they were given. So only
 * those of the language are told, which name properties and types.
 */
export function reportOf(fault: unknown): FaultReport {
  if (!(fault instanceof Error)) return { type: typeof fault, stack: [] };
  const { name, message, stack = '' } = fault;
  const code = 'code' in fault && typeof fault.code === 'string' ? { code: fault.code } : {};
  // A message of several lines could pass for places.
  const places = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const lines = places.split('\n').flatMap((line) => /^\s+at (.+)$/.exec(line)?.[1] ?? []);
  return { type: fault.constructor.name, ...code, ...(languageErrors.has(name) && { message }), stack: lines };
}

const languageErrors = new Set(['TypeError', 'RangeError', 'ReferenceError']);
