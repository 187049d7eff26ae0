import type { Statement } from '../../db/statements.ts';
import type { Bulk } from '../../db/write/bulk.ts';
import { newId } from '../../lib/ids.ts';
import type { ContactIdentifier } from '../identity/identifiers.ts';

type Kind = ContactIdentifier['kind'];
type StoredPoint = { id: string; kind: Kind; normalizedValue: string; isPrimary: boolean };

/** Contact point of an input. Without `isPrimary`, the input has no preference. */
export type WantedPoint = { identifier: ContactIdentifier; isPrimary?: boolean | null | undefined };

export type NewPoint = StoredPoint & { value: string };
export type ContactPlan = { added: NewPoint[]; demoted: string[]; promoted: string[] };

type Point = StoredPoint & { value: string; isNew: boolean; wish: boolean | null };

/**
 * Compares wanted contact points with stored ones. In each kind, the first one with `isPrimary: true` becomes primary.
 * If there is none, the current primary stays, unless it has `isPrimary: false`. If no primary is left, the first new
 * one without `isPrimary: false` becomes primary.
 */
export function planContactPoints(wanted: WantedPoint[], stored: StoredPoint[]): ContactPlan {
  const points = new Map<string, Point>();
  const keyOf = (kind: Kind, normalizedValue: string) => `${kind} ${normalizedValue}`;
  for (const point of stored)
    points.set(keyOf(point.kind, point.normalizedValue), { ...point, value: '', isNew: false, wish: null });
  const inOrder: Point[] = [];
  for (const { identifier, isPrimary } of wanted) {
    const key = keyOf(identifier.kind, identifier.value);
    const point = points.get(key) ?? newPoint(identifier);
    points.set(key, point);
    inOrder.push(point);
    // If an input repeats a contact point, `true` wins over `false`.
    point.wish = point.wish || (isPrimary ?? point.wish);
  }

  const plan: ContactPlan = { added: [], demoted: [], promoted: [] };
  const primaries = new Map<Kind, Point>();
  for (const point of inOrder) if (point.wish && !primaries.has(point.kind)) primaries.set(point.kind, point);
  for (const point of points.values())
    if (point.isPrimary && point.wish !== false && !primaries.has(point.kind)) primaries.set(point.kind, point);
  for (const point of inOrder)
    if (point.isNew && point.wish !== false && !primaries.has(point.kind)) primaries.set(point.kind, point);
  for (const point of points.values()) {
    const { isNew, wish: _, ...row } = point;
    const isPrimary = primaries.get(point.kind) === point;
    if (isNew) plan.added.push({ ...row, isPrimary });
    else if (point.isPrimary && !isPrimary) plan.demoted.push(point.id);
    else if (!point.isPrimary && isPrimary) plan.promoted.push(point.id);
  }
  return plan;
}

/** Changes which contact points are primary. Run it before inserting new ones: a kind never has two primaries. */
export function primaryStatements(plans: Pick<ContactPlan, 'demoted' | 'promoted'>[], bulk: Bulk): Statement[] {
  const rows = (ids: string[], isPrimary: boolean) => ids.map((id) => ({ id, isPrimary }));
  return [
    ...bulk.update(
      'ContactPoint',
      plans.flatMap(({ demoted }) => rows(demoted, false)),
    ),
    ...bulk.update(
      'ContactPoint',
      plans.flatMap(({ promoted }) => rows(promoted, true)),
    ),
  ];
}

function newPoint({ kind, value, given }: ContactIdentifier): Point {
  return { id: newId(), kind, value: given, normalizedValue: value, isPrimary: false, isNew: true, wish: null };
}
