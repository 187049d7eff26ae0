import * as access from './access/domain.ts';
import * as audit from './audit/domain.ts';
import * as cases from './cases/domain.ts';
import * as customerContext from './customer-context/domain.ts';
import * as customerTokens from './customer-tokens/domain.ts';
import * as customerValue from './customer-value/domain.ts';
import * as customers from './customers/domain.ts';
import * as feedback from './feedback/domain.ts';
import * as followUps from './follow-ups/domain.ts';
import * as imports from './import/domain.ts';
import * as interactions from './interactions/domain.ts';
import type { Domain } from './manifest.ts';
import * as nextActions from './next-actions/domain.ts';
import * as orders from './orders/domain.ts';
import * as preferences from './preferences/domain.ts';
import * as privacy from './privacy/domain.ts';
import * as products from './products/domain.ts';
import * as recommendations from './recommendations/domain.ts';
import * as timeline from './timeline/domain.ts';

/** All domains, by the name of their folder. A domain comes after those that its records refer to. */
export const domains = {
  access,
  audit,
  customers,
  'customer-tokens': customerTokens,
  products,
  orders,
  'customer-value': customerValue,
  recommendations,
  cases,
  interactions,
  preferences,
  feedback,
  'follow-ups': followUps,
  'next-actions': nextActions,
  privacy,
  import: imports,
  timeline,
  'customer-context': customerContext,
} as const satisfies Record<string, Domain>;
