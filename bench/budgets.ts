/** Figures for each size, with an upper or lower bound. */
export type Budget = { name: string; figures: number[] } & ({ atMost: number } | { atLeast: number });

/** Builds a table of budgets, with the figure for each size and whether it holds for all of them. */
export function budgetTable(title: string, sizes: number[], budgets: Budget[]): string[] {
  const head = ['budget', '', ...sizes.map((size) => size.toLocaleString('en')), ''];
  return [
    `| ${title}: ${head.join(' | ')} |`,
    `|${'---|'.repeat(head.length)}`,
    ...budgets.map((budget) => {
      const isMost = 'atMost' in budget;
      const bound = isMost ? budget.atMost : budget.atLeast;
      const holds = budget.figures.every((figure) => (isMost ? figure <= bound : figure >= bound));
      const figures = budget.figures.map((figure) => figure.toFixed(figure < 10 ? 2 : 0));
      const row = [budget.name, `${isMost ? '<=' : '>='} ${bound}`, ...figures, holds ? 'held' : '**not held**'];
      return `| ${row.join(' | ')} |`;
    }),
  ];
}
