import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { api, dataOf } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { DataTable } from '../../components/DataTable';
import { LineChart } from '../../components/LineChart';
import { LiveView } from '../../components/LiveView';
import { Failed, Nothing } from '../../components/States';
import { useLive } from '../../components/useLive';
import { useFormat } from '../../i18n/format';
import { stages as allStages, useStageNames, type Stage } from '../../i18n/stages';
import { MovesPicture } from './MovesPicture';
import { useText } from './text';

const load = (signal: AbortSignal) => dataOf(api.GET('/overview', { signal }));
const minute = 60_000;
type Overview = Awaited<ReturnType<typeof load>>;

export default function OverviewPage() {
  const t = useText();
  const live = useLive(load, 5000);
  return (
    <>
      <h1>{t.title}</h1>
      <LiveView live={live}>
        {(overview) => (
          <>
            <Figures overview={overview} />
            <Flow overview={overview} />
            <Stages overview={overview} refresh={live.refresh} />
          </>
        )}
      </LiveView>
    </>
  );
}

function Figures({ overview }: { readonly overview: Overview }) {
  const [t, format] = [useText(), useFormat()];
  const { today, scoredShare, minutes } = overview;
  const last = minutes.filter(({ at }) => Date.parse(overview.asOf) - Date.parse(at) < 5 * minute);
  const came = last.reduce((sum, { activity }) => sum + activity.payments + activity.events, 0);
  const seconds = last.length === 0 ? 1 : Math.max(1, (Date.parse(overview.asOf) - Date.parse(last[0]!.at)) / 1000);
  const lag = Math.max(0, ...last.map(({ activity }) => activity.lagSeconds));
  const cards = [
    { name: t.rate, figure: format.number(came / seconds), to: '#flow' },
    { name: t.lag, figure: t.seconds(format.number(lag)), to: '#flow', bad: lag > 60 },
    { name: t.scored, figure: scoredShare === null ? '–' : format.percent(scoredShare), to: '/operations', bad: scoredShare !== null && scoredShare < 0.99 },
    { name: t.deadLetters, figure: format.whole(today.deadLetters), to: '/operations', bad: today.deadLetters > 0 },
    { name: t.signals, figure: format.whole(today.signals), to: '/customers' },
    { name: t.decisions, figure: format.whole(today.decisions), to: '/customers' },
    { name: t.contacts, figure: format.whole(today.contacts), to: '/customers' },
    { name: t.alerts, figure: format.whole(today.findings), to: '/models', warn: today.findings > 0 },
  ];
  return (
    <div className="cards">
      {cards.map((card) => {
        const body = (
          <>
            <div className={card.bad === true ? 'figure bad' : card.warn === true ? 'figure warn' : 'figure'}>{card.figure}</div>
            <div className="name">{card.name}</div>
          </>
        );
        return card.to.startsWith('#') ? <a key={card.name} className="card" href={card.to}>{body}</a> : <Link key={card.name} className="card" to={card.to}>{body}</Link>;
      })}
    </div>
  );
}

function Flow({ overview }: { readonly overview: Overview }) {
  const [t, format] = [useText(), useFormat()];
  const counted = new Map(overview.minutes.map(({ at, activity }) => [Date.parse(at), (activity.payments + activity.events) / 60]));
  const now = Math.floor(Date.parse(overview.asOf) / minute) * minute;
  const points = Array.from({ length: 30 }, (_, ago) => now - (29 - ago) * minute).map((time) => ({ time, value: counted.get(time) ?? 0 }));
  const peak = points.reduce((best, point) => (point.value > best.value ? point : best), { time: 0, value: 0 });
  return (
    <div id="flow">
      {counted.size === 0
        ? <Nothing>{t.noFlow}</Nothing>
        : <LineChart title={t.flow} summary={t.flowSummary(format.number(peak.value), format.time(peak.time))} series={[{ name: t.rate, points }]} range={[0, Math.max(peak.value, 1)]} clock />}
    </div>
  );
}

function Stages({ overview, refresh }: { readonly overview: Overview; readonly refresh: () => void }) {
  const [t, format, names] = [useText(), useFormat(), useStageNames()];
  const [failure, setFailure] = useState<unknown>(null);
  const [counting, setCounting] = useState(false);
  const count = () => {
    setCounting(true);
    setFailure(null);
    dataOf(api.POST('/overview/stages')).then(refresh, setFailure).finally(() => setCounting(false));
  };
  const found = overview.stages;
  const total = found?.customers.reduce((sum, each) => sum + each.customers, 0) ?? 0;
  const moves = useMemo(() => {
    const sums = new Map<string, { from: Stage | null; to: Stage; customers: number; last: string }>();
    for (const { from, to, customers, day } of found?.moves ?? []) {
      const key = `${from ?? ''}>${to}`;
      const before = sums.get(key);
      sums.set(key, { from, to, customers: customers + (before?.customers ?? 0), last: day });
    }
    return [...sums.values()];
  }, [found]);
  return (
    <>
      <div className="row">
        <h2>{t.stages}</h2>
        <span className="hint">{found === null ? t.never : t.counted(format.time(found.at))}</span>
        <ActionButton operation="CountStages" onClick={count} disabled={counting}>{t.count}</ActionButton>
      </div>
      {failure !== null && <Failed failure={failure} retry={count} />}
      {found !== null && (
        <div className="split">
          <div className="panel">
            <table className="bars">
              <caption>{t.customers(format.whole(total))}</caption>
              <tbody>
                {allStages.map((stage) => {
                  const customers = found.customers.find((each) => each.stage === stage)?.customers ?? 0;
                  return (
                    <tr key={stage}>
                      <th scope="row"><Link to={`/customers?stage=${stage}`}>{names[stage]}</Link></th>
                      <td className="numeric">{format.whole(customers)}</td>
                      <td className="track" aria-hidden="true"><svg viewBox="0 0 100 8" preserveAspectRatio="none"><rect className="up" height="8" width={total === 0 ? 0 : (customers / total) * 100} /></svg></td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
            <p className="hint">{t.definition}</p>
          </div>
          <div>
            <MovesPicture moves={moves} />
            <DataTable name="moves" caption={t.moves} rows={moves} id={(move) => `${move.from ?? ''}>${move.to}`} empty={t.noMoves} height={18} columns={[
              { key: 'from', title: t.from, value: (move) => (move.from === null ? t.new : names[move.from]) },
              { key: 'to', title: t.to, value: (move) => names[move.to], show: (move) => <Link to={`/customers?stage=${move.to}`}>{names[move.to]}</Link> },
              { key: 'customers', title: t.count30, value: (move) => move.customers, show: (move) => format.whole(move.customers), numeric: true },
              { key: 'last', title: t.last, value: (move) => move.last, show: (move) => format.day(move.last) },
            ]} />
          </div>
        </div>
      )}
    </>
  );
}
