import type { Stage } from '../../i18n/stages';

/** Customers who went from one stage to another; from nothing when the customer was new. */
export interface Move {
  readonly from: Stage | null;
  readonly to: Stage;
  readonly customers: number;
}

/** A stage on one side of the picture. `y` is its upper edge. */
export interface Side<K> {
  readonly stage: K;
  readonly customers: number;
  readonly y: number;
  readonly height: number;
}

/** A move as a ribbon: its middle where it leaves and where it comes in, and its width. */
export interface Ribbon<M> {
  readonly move: M;
  readonly start: number;
  readonly end: number;
  readonly width: number;
}

const [drawn, gap, least] = [260, 12, 12];

/**
 * Lays moves out between two columns, stages left on the left and stages entered on the right, in the order of the lifecycle.
 * One customer is as high everywhere, so that the eye compares; a stage that few touch still has room for its name.
 */
export function layOut<M extends Move>(moves: readonly M[], order: readonly Stage[]): {
  readonly left: readonly Side<Stage | null>[];
  readonly right: readonly Side<Stage>[];
  readonly ribbons: readonly Ribbon<M>[];
  readonly height: number;
} {
  const total = moves.reduce((sum, { customers }) => sum + customers, 0);
  const scale = total === 0 ? 0 : drawn / total;
  const left = column([null, ...order], (stage) => sum(moves.filter(({ from }) => from === stage)), scale);
  const right = column(order, (stage) => sum(moves.filter(({ to }) => to === stage)), scale);
  const rank = (stage: Stage | null) => (stage === null ? -1 : order.indexOf(stage));
  const [out, into] = [new Map(left.map(({ stage, y }) => [stage, y])), new Map(right.map(({ stage, y }) => [stage, y]))];
  const ribbons = [...moves].sort((one, other) => rank(one.from) - rank(other.from) || rank(one.to) - rank(other.to)).map((move) => {
    const width = move.customers * scale;
    const [start, end] = [out.get(move.from)! + width / 2, into.get(move.to)! + width / 2];
    out.set(move.from, start + width / 2);
    into.set(move.to, end + width / 2);
    return { move, start, end, width };
  });
  return { left, right, ribbons, height: Math.max(...[...left, ...right].map(({ y, height }) => y + Math.max(height, least)), 0) };
}

const sum = (moves: readonly Move[]) => moves.reduce((all, { customers }) => all + customers, 0);

function column<K>(stages: readonly K[], count: (stage: K) => number, scale: number): readonly Side<K>[] {
  let y = 0;
  return stages.map((stage) => ({ stage, customers: count(stage) })).filter(({ customers }) => customers > 0).map((each) => {
    const side = { ...each, y, height: each.customers * scale };
    y += Math.max(side.height, least) + gap;
    return side;
  });
}
