import { waysOf, type JourneyNode } from './kinds';

type Nodes = Readonly<Record<string, JourneyNode>>;

export interface Link {
  readonly from: string;
  readonly to: string;
  /** What leads there: an arm, a condition's place, late, refused. */
  readonly by: string;
}

/** Every way that leads to a node that is there. */
export const linksOf = (nodes: Nodes): Link[] =>
  Object.entries(nodes).flatMap(([from, node]) => waysOf(node).filter((way) => way.to in nodes).map(({ by, to }) => ({ from, by, to })));

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Room that a node takes, with its ways one below the other. */
export const heightOf = (node: JourneyNode): number => 96 + 18 * waysOf(node).length;
export const width = 210;
const gap = { x: 90, y: 26 };

/** A column for each step on the longest way from the start, so that ways lead to the right, and below each other within it; what cannot be reached comes last. */
export function placesOf(nodes: Nodes, start: unknown, links: readonly Link[]): ReadonlyMap<string, Place> {
  const onward = new Map<string, Link[]>();
  for (const link of links) onward.set(link.from, [...(onward.get(link.from) ?? []), link]);
  const order = typeof start === 'string' && start in nodes ? inOrder(start, onward) : [];
  const place = new Map(order.map((name, index) => [name, index]));
  const columns = new Map(order.map((name) => [name, 0]));
  for (const name of order) {
    for (const { to } of onward.get(name) ?? []) {
      // A way back does not push a node on.
      if (place.get(to)! > place.get(name)!) columns.set(to, Math.max(columns.get(to)!, columns.get(name)! + 1));
    }
  }
  const filled = new Map<number, number>();
  const last = order.length === 0 ? 0 : Math.max(...columns.values()) + 1;
  return new Map(Object.entries(nodes).map(([name, node]) => {
    const column = columns.get(name) ?? last;
    const y = filled.get(column) ?? 0;
    filled.set(column, y + heightOf(node) + gap.y);
    return [name, { x: column * (width + gap.x), y }];
  }));
}

/** What can be reached, each before what it leads to unless the way leads back. */
function inOrder(start: string, onward: ReadonlyMap<string, readonly Link[]>): string[] {
  const seen = new Set<string>();
  const done: string[] = [];
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { to } of onward.get(name) ?? []) visit(to);
    done.push(name);
  };
  visit(start);
  return done.toReversed();
}
