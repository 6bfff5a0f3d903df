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

/** A column for each step from the start on, and a row within it; who cannot be reached comes last. */
export function placesOf(nodes: Nodes, start: string, links: readonly Way[]): ReadonlyMap<string, { readonly column: number; readonly row: number }> {
  const columns = new Map<string, number>([[start, 0]]);
  // Ways back do not push a node on: a node stands where it is first reached.
  for (const queue = [start]; queue.length > 0; ) {
    const at = queue.shift()!;
    for (const { from, to } of links) {
      if (from !== at || columns.has(to)) continue;
      columns.set(to, columns.get(at)! + 1);
      queue.push(to);
    }
  }
  const rows = new Map<number, number>();
  const last = Math.max(...columns.values()) + 1;
  return new Map(Object.keys(nodes).map((name) => {
    const column = columns.get(name) ?? last;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    return [name, { column, row }];
  }));
}
