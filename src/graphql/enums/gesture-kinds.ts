import { gestureKinds } from '../../lib/gesture-kinds.ts';
import { describedEnum } from './described-enum.ts';

// Contexts and next actions share these kinds, and neither domain may import the other.
export const GestureKindEnum = describedEnum('GestureKind', 'Kind of small gesture toward a customer.', gestureKinds);
