import { Bars } from '../../components/Bars';
import { DataTable } from '../../components/DataTable';
import { Plot, type PlotSeries } from '../../components/Plot';
import { Nothing } from '../../components/States';
import { useFormat } from '../../i18n/format';
import { cutsOf, type Card } from './curves';
import { useText } from './text';

/** A card's curves; with `other`, the same curves of the version that it is compared with. */
export function Pictures({ card, other }: { readonly card: Card; readonly other: Card | null }) {
  const [t, format] = [useText(), useFormat()];
  const { curves } = card;
  if (curves === undefined) return <Nothing>{t.noCurves}</Nothing>;
  return (
    <>
      <div className="split">
        {curves.ranked !== undefined && <Ranked cards={other === null ? [card] : [card, other]} />}
        {curves.calibration !== undefined && <Calibration cards={other === null ? [card] : [card, other]} />}
        <div className="panel">
          <Bars caption={t.importance} bars={curves.importance} show={format.score} />
          <p className="hint">{t.importanceMeans}</p>
        </div>
      </div>
      {curves.ranked === undefined && <p className="hint">{t.noEvents}</p>}
    </>
  );
}

function Ranked({ cards }: { readonly cards: readonly Card[] }) {
  const [t, format] = [useText(), useFormat()];
  const drawn = cards.map((card) => ({ name: t.versionOf(card.version), cuts: cutsOf(card.curves?.ranked ?? []) })).filter(({ cuts }) => cuts.length > 0);
  const { cuts } = drawn[0]!;
  const auc = cards[0]!.metrics['auc'];
  const interval = auc?.low === undefined || auc.high === undefined ? '' : `${format.score(auc.low)} … ${format.score(auc.high)}`;
  // The share of the customers in whom most is found for how many there are: a tenth, as scores are spoken of.
  const tenth = cuts.find(({ share }) => share >= 0.1) ?? cuts.at(-1)!;
  const roc: PlotSeries[] = drawn.map((each) => ({ name: each.name, points: [{ x: 0, y: 0, said: t.nobody }, ...each.cuts.map((cut) => ({ x: cut.others, y: cut.found, said: t.atCut(format.score(cut.score), format.percent(cut.found), format.percent(cut.others)) }))] }));
  const lift: PlotSeries[] = drawn.map((each) => ({ name: each.name, points: each.cuts.map((cut) => ({ x: cut.share, y: cut.lift, said: t.liftAt(format.percent(cut.share), format.number(cut.lift)) })) }));
  return (
    <>
      <Plot title={t.roc} summary={t.rocSays(auc === undefined ? '–' : format.score(auc.value), interval)} series={roc} reference={[[0, 0], [1, 1]]}
        x={{ title: t.others, range: [0, 1], show: format.percent }} y={{ title: t.found, range: [0, 1], show: format.percent }}>
        <details>
          <summary>{t.table}</summary>
          <DataTable name="ranked" caption={t.ranked} rows={cuts} id={({ rows }) => `${rows}`} height={18} columns={[
            { key: 'score', title: t.cut, value: (row) => row.score, show: (row) => format.score(row.score), numeric: true },
            { key: 'rows', title: t.rows, value: (row) => row.rows, show: (row) => format.whole(row.rows), numeric: true },
            { key: 'events', title: t.events, value: (row) => row.events, show: (row) => format.whole(row.events), numeric: true },
            { key: 'found', title: t.found, value: (row) => row.found, show: (row) => format.percent(row.found), numeric: true },
            { key: 'others', title: t.others, value: (row) => row.others, show: (row) => format.percent(row.others), numeric: true },
            { key: 'lift', title: t.lift, value: (row) => row.lift, show: (row) => format.number(row.lift), numeric: true },
          ]} />
        </details>
      </Plot>
      <Plot title={t.liftTitle} summary={t.liftSays(format.percent(tenth.share), format.number(tenth.lift), format.percent(tenth.found))} series={lift} reference={[[0, 1], [1, 1]]}
        x={{ title: t.share, range: [0, 1], show: format.percent }} y={{ title: t.lift, range: [0, Math.max(...lift.flatMap(({ points }) => points.map(({ y }) => y))) * 1.05], show: format.number }}>
        <p className="hint">{t.sameTable}</p>
      </Plot>
    </>
  );
}

function Calibration({ cards }: { readonly cards: readonly Card[] }) {
  const [t, format] = [useText(), useFormat()];
  const series: PlotSeries[] = cards.flatMap((card) => (card.curves?.calibration === undefined ? [] : [{
    name: t.versionOf(card.version),
    points: card.curves.calibration.map((bin) => ({ x: bin.predicted, y: bin.observed, low: bin.low, high: bin.high, said: t.binSays(format.percent(bin.predicted), format.percent(bin.observed), format.whole(bin.rows)) })),
  }]));
  const bins = cards[0]!.curves?.calibration ?? [];
  const most = Math.min(1, Math.max(...series.flatMap(({ points }) => points.flatMap(({ x, high }) => [x, high ?? 0]))) * 1.05);
  const within = bins.filter((bin) => bin.low <= bin.predicted && bin.predicted <= bin.high).length;
  return (
    <Plot title={t.calibration} summary={t.calibrationSays(within, bins.length)} series={series} reference={[[0, 0], [most, most]]}
      x={{ title: t.predicted, range: [0, most], show: format.percent }} y={{ title: t.observed, range: [0, most], show: format.percent }}>
      <details>
        <summary>{t.table}</summary>
        <DataTable name="calibration" caption={t.calibration} rows={bins} id={(_, index) => `${index}`} height={18} columns={[
          { key: 'predicted', title: t.predicted, value: (row) => row.predicted, show: (row) => format.percent(row.predicted), numeric: true },
          { key: 'observed', title: t.observed, value: (row) => row.observed, show: (row) => format.percent(row.observed), numeric: true },
          { key: 'interval', title: t.interval, value: (row) => row.low, show: (row) => `${format.percent(row.low)} … ${format.percent(row.high)}`, numeric: true },
          { key: 'rows', title: t.rows, value: (row) => row.rows, show: (row) => format.whole(row.rows), numeric: true },
        ]} />
      </details>
    </Plot>
  );
}
