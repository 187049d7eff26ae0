// Types whose name differs from the noun that descriptions use.
const nouns: Record<string, string> = {
  CaseHandoff: 'hand-off',
  ConsentEvent: 'consent decision',
  CustomerExternalId: 'external ID',
  FollowUp: 'follow-up',
};

/** Converts a type name to a noun for descriptions: `OrderLine` becomes "order line" and `ApiKey` "API key". */
export function nounOf(typeName: string): string {
  const noun = nouns[typeName];
  if (noun !== undefined) return noun;
  const words = typeName.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.replace(/\bapi\b/, 'API').replace(/\bid\b/, 'ID');
}

/** Prefixes a noun with its indefinite article: "an order". */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** Capitalizes the first letter of a text that starts a description. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
