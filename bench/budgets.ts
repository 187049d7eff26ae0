/** A figure for each size, and what it may be at most or must be at least. */
export type Budget = { name: string; figures: number[] } & ({ atMost: number } | { atLeast: number });

/** A table of budgets, each with the figure of every size, and whether it holds at all of them. */
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
