export interface Way {
  readonly from: string;
  readonly to: string;
  /** What leads there: an arm, a condition's place, late, refused; empty for the plain way. */
  readonly by: string;
}

type Nodes = Readonly<Record<string, unknown>>;

const ways = new Set(['next', 'else', 'late', 'refused', 'failed', 'then']);

/** Every way from node to node that a journey document names. */
export function waysOf(nodes: Nodes): Way[] {
  const found: Way[] = [];
  const walk = (from: string, value: unknown, key: string, inArms: boolean, by: string) => {
    if (typeof value === 'string') {
      if ((ways.has(key) || inArms) && value in nodes) found.push({ from, to: value, by: inArms ? key : by !== '' ? by : key === 'next' ? '' : key });
    } else if (Array.isArray(value)) {
      value.forEach((each, index) => walk(from, each, key, false, value.length > 1 ? `${index + 1}` : by));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, each] of Object.entries(value)) walk(from, each, name, key === 'arms', by);
    }
  };
  for (const [name, node] of Object.entries(nodes)) walk(name, node, '', false, '');
  return found;
}

/** A column for each step on the longest way from the start, so that ways lead to the right, and a row within it; what cannot be reached comes last. */
export function placesOf(nodes: Nodes, start: string, links: readonly Way[]): ReadonlyMap<string, { readonly column: number; readonly row: number }> {
  const order = inOrder(start, links);
  const place = new Map(order.map((name, index) => [name, index]));
  const columns = new Map(order.map((name) => [name, 0]));
  for (const name of order) {
    for (const { from, to } of links) {
      // A way back does not push a node on.
      if (from === name && place.get(to)! > place.get(name)!) columns.set(to, Math.max(columns.get(to)!, columns.get(name)! + 1));
    }
  }
  const rows = new Map<number, number>();
  const last = Math.max(0, ...columns.values()) + 1;
  return new Map(Object.keys(nodes).map((name) => {
    const column = columns.get(name) ?? last;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    return [name, { column, row }];
  }));
}

/** What can be reached, each before what it leads to unless the way leads back. */
function inOrder(start: string, links: readonly Way[]): string[] {
  const seen = new Set<string>();
  const done: string[] = [];
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { from, to } of links) if (from === name) visit(to);
    done.push(name);
  };
  visit(start);
  return done.toReversed();
}
