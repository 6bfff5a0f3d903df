import { api, dataOf } from '../../api/client';
import { Bars } from '../../components/Bars';
import { DataTable } from '../../components/DataTable';
import { LineChart, type Series } from '../../components/LineChart';
import { LiveView } from '../../components/LiveView';
import { Nothing } from '../../components/States';
import { useLive } from '../../components/useLive';
import { catalogue } from '../../i18n/catalogue';
import { useFormat } from '../../i18n/format';

const useText = catalogue(
  {
    queues: 'Cases that wait', nothing: 'No case waits.', promises: 'What came of promises', plans: 'What came of plans', days: 'Promises and plans by day', day: 'Day',
    summary: (name: string, n: string) => `${name}: ${n} in 90 days.`, none: 'Nothing was promised or agreed in the last 90 days.',
    promisesMade: 'Promised', promisesKept: 'Kept', promisesPartial: 'Partly kept', promisesBroken: 'Broken', plansAgreed: 'Agreed', instalmentsMissed: 'Instalments missed', plansCompleted: 'Completed',
  },
  {
    queues: 'Fälle, die warten', nothing: 'Kein Fall wartet.', promises: 'Was aus Zusagen wurde', plans: 'Was aus Plänen wurde', days: 'Zusagen und Pläne nach Tagen', day: 'Tag',
    summary: (name, n) => `${name}: ${n} in 90 Tagen.`, none: 'In den letzten 90 Tagen wurde nichts zugesagt oder vereinbart.',
    promisesMade: 'Zugesagt', promisesKept: 'Gehalten', promisesPartial: 'Teils gehalten', promisesBroken: 'Gebrochen', plansAgreed: 'Vereinbart', instalmentsMissed: 'Raten verpasst', plansCompleted: 'Abgeschlossen',
  },
);

const load = (signal: AbortSignal) => dataOf(api.GET('/collections/figures', { signal }));
type Day = Awaited<ReturnType<typeof load>>['days'][number];

const promises = ['promisesMade', 'promisesKept', 'promisesPartial', 'promisesBroken'] as const;
const plans = ['plansAgreed', 'instalmentsMissed', 'plansCompleted'] as const;

/** How much waits, and what came of promises and plans. */
export function Figures() {
  const t = useText();
  const format = useFormat();
  const live = useLive(load, 60_000);
  return (
    <LiveView live={live}>
      {({ queues, days }) => {
        const told = days.filter((day) => [...promises, ...plans].some((name) => day[name] > 0));
        return (
          <>
            {queues.length === 0 ? <Nothing>{t.nothing}</Nothing>
              : <Bars caption={t.queues} show={format.whole} bars={queues.map(({ queue, cases }) => ({ name: queue, value: cases }))} />}
            {told.length > 0 && (
              <div className="split">
                <Lines title={t.promises} names={promises} days={days} />
                <Lines title={t.plans} names={plans} days={days} />
              </div>
            )}
            <DataTable name="agreements" caption={t.days} rows={told.toReversed()} id={(day) => day.day} empty={t.none} height={14} columns={[
              { key: 'day', title: t.day, value: (day) => day.day, show: (day) => format.day(day.day) },
              ...[...promises, ...plans].map((name) => ({ key: name, title: t[name], value: (day: Day) => day[name], numeric: true })),
            ]} />
          </>
        );
      }}
    </LiveView>
  );
}

function Lines({ title, names, days }: { readonly title: string; readonly names: readonly ((typeof promises)[number] | (typeof plans)[number])[]; readonly days: readonly Day[] }) {
  const t = useText();
  const format = useFormat();
  const series: Series[] = names.map((name) => ({ name: t[name], points: days.map((day) => ({ time: Date.parse(day.day), value: day[name] })) }));
  const most = Math.max(1, ...series.flatMap((each) => each.points.map((point) => point.value)));
  return (
    <LineChart title={title} series={series} range={[0, most]} show={format.whole}
      summary={names.map((name) => t.summary(t[name], format.whole(days.reduce((sum, day) => sum + day[name], 0)))).join(' ')} />
  );
}
