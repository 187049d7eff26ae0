import { createHash } from 'node:crypto';
import { wordings } from '../context/wording.ts';
import { cardHeadings } from './card-headings.ts';
import { cardScript } from './card-script.ts';
import { cardStyle } from './card-style.ts';

/** Address of the customer card, an MCP App that shows the result of `get_customer_context`. */
export const customerCardUri = 'ui://rapport/customer-card.html';

// The longest label comes first, because some begin like others.
const labels = Object.entries(wordings)
  .flatMap(([language, { labels }]) =>
    Object.entries(labels).map(([section, label]) => [label, section, language] as const),
  )
  .sort(([one], [other]) => other.length - one.length);
const script = cardScript
  .replace('LABELS', () => JSON.stringify(labels))
  .replace('HEADINGS', () => JSON.stringify(cardHeadings));

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(cardStyle)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Customer</title>
<style>${cardStyle}</style>
<body></body>
<script>${script}</script>
</html>
`;

const described = { uri: customerCardUri, mimeType: 'text/html;profile=mcp-app' };

/** The card in the list of resources. */
export const customerCard = {
  ...described,
  name: 'customer-card',
  title: 'Customer card',
  description:
    'Shows the result of get_customer_context: who the customer is, value, open cases, last orders, do and do not.',
};

/** The page. It needs no network, and states so. */
export const customerCardContents = { ...described, text: html, _meta: { ui: { csp: {}, prefersBorder: true } } };
