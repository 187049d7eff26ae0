/**
 * Script of the customer card. It speaks the protocol of MCP Apps with the host, and shows the text of the tool's result.
 * Texts become text nodes, so markup in them stays text. `LABELS` is replaced by the section and language of each label,
 * `HEADINGS` by the headings of each language.
 */
export const cardScript = `
'use strict';
const labels = LABELS;
const headings = HEADINGS;
const cards = [
  ['cases', ['case', 'unanswered', 'return', 'undelivered']],
  ['value', ['value']],
  ['orders', ['order']],
  ['contact', ['contact', 'consent']],
  ['do', ['gesture', 'preference']],
  ['dont', ['doNotUse', 'withheld']],
];
const host = window.parent;
const send = (message) => host.postMessage({ jsonrpc: '2.0', ...message }, '*');

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// Texts from outside stand between markers. The card shows them as quotations.
function shown(text, marker) {
  if (!marker) return [text];
  return text.split(marker).map((part, i) => (i % 2 ? element('q', '', part.trim()) : part));
}

function linesOf(text) {
  const marker = /<<(\\d{6}) \\u2026 \\1>>/.exec(text);
  const around = marker && new RegExp('<<' + marker[1] + '(.*?)' + marker[1] + '>>');
  return text.split('\\n').flatMap((line) => {
    const label = labels.find(([name]) => line.startsWith(name + ' ') || line.startsWith(name + ': '));
    if (!label) return [];
    const [, rest, references] = /^:? ?(.*?)(?: \\[([^\\]]*)\\])?$/.exec(line.slice(label[0].length));
    return [{ section: label[1], language: label[2], parts: shown(rest, around), references }];
  });
}

function show(text) {
  const lines = linesOf(text);
  const of = (sections) => lines.filter(({ section }) => sections.includes(section));
  const row = ({ parts, references }) => element('li', '', ...parts, references ? element('small', '', ' ' + references) : '');
  const [name] = of(['name']);
  const [address] = of(['address']);
  const [{ language } = { language: 'en' }] = lines;
  const titles = headings[language];
  document.documentElement.lang = language;
  const boxes = cards.map(([className, sections]) => {
    const rows = of(sections);
    if (rows.length === 0) return '';
    return element('section', className, element('h2', '', titles[className]), element('ul', '', ...rows.map(row)));
  });
  document.body.replaceChildren(
    element('h1', '', ...(name ?? address ?? { parts: [titles.customer] }).parts),
    element('p', '', ...(address ? address.parts : [])),
    element('div', 'grid', ...boxes),
  );
  const { width, height } = document.documentElement.getBoundingClientRect();
  send({ method: 'ui/notifications/size-changed', params: { width: Math.ceil(width), height: Math.ceil(height) } });
}

function themed({ theme, styles }) {
  if (theme) document.documentElement.style.colorScheme = theme;
  for (const [name, value] of Object.entries((styles && styles.variables) || {}))
    if (name.startsWith('--') && typeof value === 'string') document.documentElement.style.setProperty(name, value);
}

addEventListener('message', ({ source, data }) => {
  if (source !== host || !data || data.jsonrpc !== '2.0') return;
  const { id, method, params, result } = data;
  if (id === 1 && result) {
    themed(result.hostContext || {});
    send({ method: 'ui/notifications/initialized', params: {} });
  }
  if (method === 'ui/notifications/host-context-changed') themed(params || {});
  if (method === 'ui/notifications/tool-result')
    show(((params && params.content) || []).map(({ text }) => (typeof text === 'string' ? text : '')).join('\\n'));
  if (method === 'ui/resource-teardown') send({ id, result: {} });
});
send({
  id: 1,
  method: 'ui/initialize',
  params: { protocolVersion: '2026-01-26', appInfo: { name: 'rapport', version: '1' }, appCapabilities: {} },
});
`;
