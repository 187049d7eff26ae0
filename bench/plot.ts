import { writeFileSync } from 'node:fs';

export type Bar = { group: string; name: string; value: number };

const [width, left, height, gap] = [760, 230, 18, 26];

/** Draws grouped bars into bench/results. */
export function plot(name: string, title: string, bars: Bar[]): void {
  const most = Math.max(...bars.map(({ value }) => value));
  let y = 30;
  const drawn = bars.map((bar, i) => {
    const isFirst = bar.group !== bars[i - 1]?.group;
    if (isFirst) y += gap;
    const length = ((width - left - 60) * bar.value) / most;
    const heading = isFirst ? `<text x="0" y="${y - 6}" font-weight="bold">${bar.group}</text>` : '';
    const row = `${heading}
<text x="${left - 8}" y="${y + 13}" text-anchor="end">${bar.name}</text>
<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${height - 4}" fill="${bar.name.startsWith('Rapport') ? '#0b7285' : '#adb5bd'}"/>
<text x="${(left + length + 6).toFixed(1)}" y="${y + 13}">${bar.value.toFixed(2)}</text>`;
    y += height;
    return row;
  });
  writeFileSync(
    `bench/results/${name}.svg`,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y + 10}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="white"/>
<text x="0" y="18" font-size="15">${title}</text>
${drawn.join('\n')}
</svg>
`,
  );
}
