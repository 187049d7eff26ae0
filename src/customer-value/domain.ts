import { moneyColumns } from '../manifest.ts';

export const tables = {
  CustomerValueModel: { columns: moneyColumns, isUnaudited: true },
  CustomerValueFit: { columns: moneyColumns, isUnaudited: true },
} as const;
