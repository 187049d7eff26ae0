export type Bound = { atMost: number } | { atLeast: number };

/** Figures for each size, with an upper or lower bound. */
export type Budget = { name: string; figures: number[] } & Bound;

/** Builds a table of budgets, with the figure for each size and whether it holds for all of them. */
export function budgetTable(title: string, sizes: number[], budgets: Budget[]): string[] {
  const head = ['budget', '', ...sizes.map((size) => size.toLocaleString('en')), ''];
  return [
    `| ${title}: ${head.join(' | ')} |`,
    `|${'---|'.repeat(head.length)}`,
    ...budgets.map(({ name, figures, ...bound }) => {
      const row = [name, shown(bound), ...figures.map(rounded), held(figures, bound)];
      return `| ${row.join(' | ')} |`;
    }),
  ];
}

/** Formats the figure for each size for one cell, with its bound if there is one. */
export function budgetCell(figures: number[], bound: Bound | undefined): string {
  const text = figures.map(rounded).join(' / ');
  return bound ? `${text} (${shown(bound)}) ${held(figures, bound)}` : text;
}

function shown(bound: Bound): string {
  return 'atMost' in bound ? `<= ${bound.atMost}` : `>= ${bound.atLeast}`;
}

function rounded(figure: number): string {
  return figure.toFixed(figure < 10 ? 2 : 0);
}

function held(figures: number[], bound: Bound): string {
  const isHeld = (figure: number) => ('atMost' in bound ? figure <= bound.atMost : figure >= bound.atLeast);
  return figures.every(isHeld) ? 'held' : '**not held**';
}
