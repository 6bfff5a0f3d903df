import type { components } from '../../api/schema';

export type Card = components['schemas']['ModelCard'];
export type Ledger = components['schemas']['ModelLedger'];
export type Gate = components['schemas']['ModelGate'];
export type Watch = components['schemas']['ModelWatch'];
export type Step = NonNullable<components['schemas']['ModelCurves']['ranked']>[number];

/** A cut through the ranked rows: what is above it. */
export interface Cut {
  readonly score: number;
  readonly rows: number;
  readonly events: number;
  /** Share of all rows. */
  readonly share: number;
  /** Share of all events: the true positive rate, or recall. */
  readonly found: number;
  /** Share of all rows without the event: the false positive rate. */
  readonly others: number;
  /** How many times as many events as among as many rows drawn by lot. */
  readonly lift: number;
}

/** The ROC, gains and lift at each step, from its counts. */
export function cutsOf(steps: readonly Step[]): readonly Cut[] {
  const all = steps.at(-1);
  if (all === undefined) return [];
  return steps.map(({ score, rows, events }) => ({
    score, rows, events, share: rows / all.rows, found: events / all.events, others: (rows - events) / (all.rows - all.events), lift: (events / rows) / (all.events / all.rows),
  }));
}

/** How long a version was live, or scored along as a challenger. */
export interface Span {
  readonly version: number;
  readonly live: boolean;
  /** Milliseconds; null where it began before the history does, or has not ended. */
  readonly from: number | null;
  readonly until: number | null;
}

/** The history as stretches of time. `shipped` is the version that was live before the first entry. */
export function spansOf(entries: NonNullable<Ledger['entries']>, shipped: number | null): readonly Span[] {
  const spans: Span[] = [];
  const scoring = new Map<number, number>();
  let champion = shipped === null ? null : { version: shipped, from: null as number | null };
  for (const { at, action, version } of entries) {
    const time = Date.parse(at);
    if (action === 'Challenged') {
      scoring.set(version, time);
      continue;
    }
    const since = scoring.get(version);
    if (since !== undefined) spans.push({ version, live: false, from: since, until: time });
    scoring.delete(version);
    if (action === 'Withdrawn') continue;
    if (champion !== null) spans.push({ ...champion, live: true, until: time });
    champion = { version, from: time };
  }
  if (champion !== null) spans.push({ ...champion, live: true, until: null });
  for (const [version, from] of scoring) spans.push({ version, live: false, from, until: null });
  return spans;
}
