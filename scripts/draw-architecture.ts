// Draws docs/architecture.svg from docs/architecture.txt: a title, a description, a grid, and the small print of each
// box. Equal cells below each other form one tall box. An empty cell lets the arrow pass.
import { readFileSync, writeFileSync } from 'node:fs';

type Box = { name: string; column: number; firstRow: number; lastRow: number };

const [cellWidth, cellHeight, gapX, gapY, margin] = [134, 74, 34, 26, 20];

const [title = '', description = '', grid = '', notes = ''] = readFileSync('docs/architecture.txt', 'utf8')
  .trim()
  .split('\n\n');
const rows = grid.split('\n').map((line) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim()),
);
const smallPrint = new Map(
  notes.split('\n').map((line) => {
    const [name = '', text = ''] = line.replace(/^\*/, '').split(': ');
    return [name, { lines: text.split('; '), isCore: line.startsWith('*') }];
  }),
);

const boxes = rows.flatMap((cells, row) =>
  cells.flatMap((name, column): Box[] => {
    if (name === '' || rows[row - 1]?.[column] === name) return [];
    const end = rows.findIndex((other, i) => i > row && other[column] !== name);
    return [{ name, column, firstRow: row, lastRow: end === -1 ? rows.length - 1 : end - 1 }];
  }),
);

const left = (column: number) => margin + column * (cellWidth + gapX);
const top = (row: number) => margin + row * (cellHeight + gapY);
const right = (column: number) => left(column) + cellWidth;
const bottom = (row: number) => top(row) + cellHeight;

function drawBox({ name, column, firstRow, lastRow }: Box): string {
  const { lines, isCore } = smallPrint.get(name) ?? { lines: [], isCore: false };
  const x = left(column) + cellWidth / 2;
  const middle = (top(firstRow) + bottom(lastRow)) / 2;
  const y = middle - (lines.length * 17) / 2 + 5;
  const small = lines.map((line, i) => `  <text class="small" x="${x}" y="${y + 18 + i * 17}">${escaped(line)}</text>`);
  return [
    `  <rect class="${isCore ? 'core' : 'box'}" x="${left(column)}" y="${top(firstRow)}" width="${cellWidth}" height="${bottom(lastRow) - top(firstRow)}" rx="8"/>`,
    `  <text x="${x}" y="${y}">${escaped(name)}</text>`,
    ...small,
  ].join('\n');
}

// One arrow for each pair of neighbors in a row. Rows that share both boxes share the arrow.
function drawArrows(): string[] {
  const arrows = rows.flatMap((cells, row) =>
    cells.flatMap((name, column) => {
      const next = cells.findIndex((other, i) => i > column && other !== '');
      const isRepeated = rows[row - 1]?.[column] === name && rows[row - 1]?.[next] === cells[next];
      if (name === '' || next === -1 || isRepeated) return [];
      const last = rows.findLastIndex((other) => other[column] === name && other[next] === cells[next]);
      const y = (top(row) + bottom(last)) / 2;
      return [`  <path class="arrow" d="M${right(column)} ${y}H${left(next) - 2}"/>`];
    }),
  );
  return arrows;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const width = right((rows[0]?.length ?? 1) - 1) + margin;
const height = bottom(rows.length - 1) + margin;
writeFileSync(
  'docs/architecture.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
  <title id="title">${escaped(title)}</title>
  <desc id="desc">${escaped(description)}</desc>
  <style>
    :root { color-scheme: light dark; }
    svg { --ink: #1f2328; --muted: #59636e; --line: #818b98; --box: #f6f8fa; --core: #ddf4ff; --edge: #0969da; --page: #ffffff; }
    @media (prefers-color-scheme: dark) {
      svg { --ink: #f0f6fc; --muted: #9198a1; --line: #767f8a; --box: #151b23; --core: #0c2d4a; --edge: #4493f8; --page: #0d1117; }
    }
    .page { fill: var(--page); }
    .box { fill: var(--box); stroke: var(--line); }
    .core { fill: var(--core); stroke: var(--edge); }
    text { fill: var(--ink); font: 15px system-ui, sans-serif; text-anchor: middle; }
    .small { fill: var(--muted); font-size: 12.5px; }
    .arrow { fill: none; stroke: var(--line); stroke-width: 1.6; marker-end: url(#head); }
    .head { fill: var(--line); }
  </style>
  <defs>
    <marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">
      <path class="head" d="M0 0 10 5 0 10z"/>
    </marker>
  </defs>
  <rect class="page" width="${width}" height="${height}" rx="10"/>
${[...boxes.map(drawBox), ...drawArrows()].join('\n')}
</svg>
`,
);
