import { DataTable } from '../../components/DataTable';
import { LineChart } from '../../components/LineChart';
import { catalogue } from '../../i18n/catalogue';
import { useFormat } from '../../i18n/format';

const useText = catalogue(
  {
    title: 'Day by day', effect: 'Difference to control, with the interval that holds at any look', effectSummary: (arm: string, low: string, high: string, day: string) => `${arm}: from ${low} to ${high} on ${day}.`,
    unknown: 'No interval yet: it takes units whose time is over in each arm.', ratio: 'Sample ratio: evidence against the split that was meant, log10 of 1 / p',
    ratioSummary: (evidence: string, day: string) => `${evidence} on ${day}; 3 is where the split is taken for broken.`, broken: 'taken for broken', evidence: 'evidence',
    day: 'Day', arm: 'Arm', exposed: 'Exposed', difference: 'Difference', low: 'From', high: 'To', p: 'Sample ratio p', status: 'Status', none: 'No day has been evaluated yet: that is done every hour once somebody is exposed.',
  },
  {
    title: 'Tag für Tag', effect: 'Unterschied zur Kontrolle, mit dem Intervall, das bei jedem Blick gilt', effectSummary: (arm, low, high, day) => `${arm}: von ${low} bis ${high} am ${day}.`,
    unknown: 'Noch kein Intervall: Es braucht in jedem Arm Einheiten, deren Zeit um ist.', ratio: 'Stichprobenverhältnis: Beweiskraft gegen die gemeinte Teilung, log10 von 1 / p',
    ratioSummary: (evidence, day) => `${evidence} am ${day}; ab 3 gilt die Teilung als gestört.`, broken: 'gilt als gestört', evidence: 'Beweiskraft',
    day: 'Tag', arm: 'Arm', exposed: 'Zugeteilt', difference: 'Unterschied', low: 'Von', high: 'Bis', p: 'p des Stichprobenverhältnisses', status: 'Stand', none: 'Noch kein Tag ist ausgewertet: Das geschieht jede Stunde, sobald jemand zugeteilt ist.',
  },
);

/** What the evaluations of an experiment found. */
export interface Point {
  readonly at: string;
  readonly status: string;
  readonly arms: readonly { readonly arm: string; readonly exposed: number }[];
  readonly effects: readonly { readonly arm: string; readonly difference: number | null; readonly low: number | null; readonly high: number | null }[];
  readonly sampleRatioP: number;
}

/** Where the split is taken for broken: the log10 of 1 / 0.001. */
const broken = 3;
/** A p that the server can only write as 0 is drawn as the smallest that it can write. */
const evidenceOf = (p: number) => Math.min(308, -Math.log10(Math.max(p, Number.MIN_VALUE)));

/** The confidence sequence and the sample ratio since the first unit, as lines and as the table they are drawn from. */
export function Course({ points }: { readonly points: readonly Point[] }) {
  const [t, format] = [useText(), useFormat()];
  const treatments = points.at(-1)?.effects.map((effect) => effect.arm) ?? [];
  const series = treatments.map((arm) => ({
    name: arm,
    points: points.flatMap((point) => {
      const effect = point.effects.find((each) => each.arm === arm);
      return effect?.difference == null || effect.low == null || effect.high == null ? [] : [{ time: Date.parse(point.at), value: effect.difference, low: effect.low, high: effect.high }];
    }),
  })).filter((each) => each.points.length > 0);
  const evidence = points.map((point) => ({ time: Date.parse(point.at), value: evidenceOf(point.sampleRatioP) }));
  const last = evidence.at(-1);
  return (
    <>
      {last !== undefined && (
        <div className="split">
          {series.length === 0 ? <p className="hint">{t.unknown}</p> : (
            <LineChart title={t.effect} series={series} show={format.score} summary={series.map((each) => {
              const now = each.points.at(-1)!;
              return t.effectSummary(each.name, format.score(now.low), format.score(now.high), format.day(now.time));
            }).join(' ')} />
          )}
          <LineChart title={t.ratio} range={[0, Math.max(broken + 1, ...evidence.map((point) => point.value))]} show={format.score}
            summary={t.ratioSummary(format.score(last.value), format.day(last.time))}
            series={[{ name: t.evidence, points: evidence }, { name: t.broken, points: evidence.map(({ time }) => ({ time, value: broken })) }]} />
        </div>
      )}
      <DataTable name="course" caption={t.title} empty={t.none} height={16} id={({ point, arm }) => `${point.at} ${arm.arm}`}
        rows={points.toReversed().flatMap((point) => point.arms.map((arm) => ({ point, arm, effect: point.effects.find((each) => each.arm === arm.arm) })))} columns={[
          { key: 'day', title: t.day, value: ({ point }) => point.at, show: ({ point }) => format.day(point.at) },
          { key: 'arm', title: t.arm, value: ({ arm }) => arm.arm },
          { key: 'exposed', title: t.exposed, value: ({ arm }) => arm.exposed, numeric: true },
          { key: 'difference', title: t.difference, value: ({ effect }) => effect?.difference, show: ({ effect }) => numberOf(effect?.difference, format.score), numeric: true },
          { key: 'low', title: t.low, value: ({ effect }) => effect?.low, show: ({ effect }) => numberOf(effect?.low, format.score), numeric: true },
          { key: 'high', title: t.high, value: ({ effect }) => effect?.high, show: ({ effect }) => numberOf(effect?.high, format.score), numeric: true },
          { key: 'p', title: t.p, value: ({ point }) => point.sampleRatioP, show: ({ point }) => format.score(point.sampleRatioP), numeric: true },
          { key: 'status', title: t.status, value: ({ point }) => point.status },
        ]} />
    </>
  );
}

export const numberOf = (value: number | null | undefined, show: (value: number) => string) => (value == null ? '–' : show(value));
