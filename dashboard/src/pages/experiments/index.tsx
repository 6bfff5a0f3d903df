import { useCallback } from 'react';
import { Link, useParams } from 'react-router';
import { api, dataOf } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { useLive } from '../../components/useLive';
import { catalogue } from '../../i18n/catalogue';
import { useFormat } from '../../i18n/format';
import { Course, numberOf } from './Course';

const useText = catalogue(
  {
    title: 'Experiments', id: 'Experiment', version: 'Version', varies: 'Varies', status: 'Status', control: 'Control', winner: 'Winner', reason: 'Why', none: 'No experiment is in force. Write one under Documents, experiments.', back: 'All experiments',
    arms: 'Arms', arm: 'Arm', share: 'Share', exposed: 'Exposed', metric: 'Metric', units: 'Units in', mean: 'Mean', effects: 'Effects against control', guardrails: 'Guardrails', difference: 'Difference', interval: 'Interval, valid at any look', p: 'p', state: 'State', broken: 'broken', kept: 'kept', open: 'open',
    ratio: (p: string) => `Sample ratio: p = ${p}.`, mismatch: 'Customers were not split as the shares say: do not trust the result before the reason is found.', none2: 'Nobody has been exposed yet.',
  },
  {
    title: 'Experimente', id: 'Experiment', version: 'Version', varies: 'Variiert', status: 'Stand', control: 'Kontrolle', winner: 'Gewinner', reason: 'Warum', none: 'Kein Experiment ist in Kraft. Schreiben Sie eines unter Dokumente, experiments.', back: 'Alle Experimente',
    arms: 'Arme', arm: 'Arm', share: 'Anteil', exposed: 'Zugeteilt', metric: 'Maß', units: 'Einheiten', mean: 'Mittel', effects: 'Wirkung gegen die Kontrolle', guardrails: 'Leitplanken', difference: 'Unterschied', interval: 'Intervall, bei jedem Blick gültig', p: 'p', state: 'Stand', broken: 'verletzt', kept: 'gehalten', open: 'offen',
    ratio: (p) => `Stichprobenverhältnis: p = ${p}.`, mismatch: 'Die Kunden wurden nicht nach den Anteilen geteilt: Trauen Sie dem Ergebnis nicht, bevor der Grund gefunden ist.', none2: 'Noch wurde niemand zugeteilt.',
  },
);

export default function ExperimentsPage() {
  const { experiment } = useParams();
  return experiment === undefined ? <All /> : <One key={experiment} id={experiment} />;
}

const loadAll = (signal: AbortSignal) => dataOf(api.GET('/experiments', { signal }));

function All() {
  const t = useText();
  const live = useLive(loadAll, 15_000);
  return (
    <>
      <h1>{t.title}</h1>
      <LiveView live={live}>
        {({ experiments }) => (
          <DataTable name="experiments" caption={t.title} height={38} rows={experiments} id={(row) => row.id} empty={t.none} columns={[
            { key: 'id', title: t.id, value: (row) => row.id, show: (row) => <Link to={`/experiments/${row.id}`}>{row.id}</Link> },
            { key: 'version', title: t.version, value: (row) => row.version, numeric: true },
            { key: 'varies', title: t.varies, value: (row) => row.varies ?? '' },
            { key: 'status', title: t.status, value: (row) => row.status, show: (row) => <span className={badgeOf(row.status)}>{row.status}</span> },
            { key: 'winner', title: t.winner, value: (row) => row.winner ?? '' },
            { key: 'reason', title: t.reason, value: (row) => row.reason ?? '' },
          ]} />
        )}
      </LiveView>
    </>
  );
}

const badgeOf = (status: string) => (status === 'Won' ? 'badge good' : status === 'Harmed' || status === 'Mismatch' ? 'badge bad' : 'badge');

const load = (id: string, signal: AbortSignal) => dataOf(api.GET('/experiments/{id}', { params: { path: { id } }, signal }));
type Experiment = Awaited<ReturnType<typeof load>>;

function One({ id }: { readonly id: string }) {
  const [t, format] = [useText(), useFormat()];
  const live = useLive(useCallback((signal: AbortSignal) => load(id, signal), [id]), 15_000);
  return (
    <>
      <p className="hint"><Link to="/experiments">{t.back}</Link></p>
      <h1>{id}</h1>
      <LiveView live={live}>
        {(found) => (
          <>
            <p><span className={badgeOf(found.status)}>{found.status}</span> {found.winner ?? ''} {found.reason ?? ''}</p>
            {found.sampleRatioP !== undefined && <p className={found.sampleRatioP < 0.001 ? 'bad' : 'hint'}>{t.ratio(format.score(found.sampleRatioP))} {found.sampleRatioP < 0.001 && t.mismatch}</p>}
            <DataTable name="arms" caption={t.arms} rows={(found.arms ?? []).flatMap((arm) => arm.metrics.map((metric) => ({ arm, metric })))} id={({ arm, metric }) => `${arm.arm} ${metric.metric}`} empty={t.none2} columns={[
              { key: 'arm', title: t.arm, value: ({ arm }) => arm.arm },
              { key: 'share', title: t.share, value: ({ arm }) => arm.share, show: ({ arm }) => format.percent(arm.share), numeric: true },
              { key: 'exposed', title: t.exposed, value: ({ arm }) => arm.exposed, numeric: true },
              { key: 'metric', title: t.metric, value: ({ metric }) => metric.metric },
              { key: 'units', title: t.units, value: ({ metric }) => metric.units, numeric: true },
              { key: 'mean', title: t.mean, value: ({ metric }) => metric.mean ?? null, show: ({ metric }) => numberOf(metric.mean, format.score), numeric: true },
            ]} />
            <Effects name="effects" caption={t.effects} rows={found.comparisons ?? []} />
            <Course points={found.course ?? []} />
            <Effects name="guardrails" caption={t.guardrails} rows={found.guardrails ?? []} />
          </>
        )}
      </LiveView>
    </>
  );
}

type Effect = NonNullable<Experiment['comparisons']>[number] & { readonly broken?: boolean; readonly kept?: boolean };

function Effects({ name, caption, rows }: { readonly name: string; readonly caption: string; readonly rows: readonly Effect[] }) {
  const [t, format] = [useText(), useFormat()];
  const stateOf = (row: Effect) => (row.broken === undefined ? '' : row.broken ? t.broken : row.kept === true ? t.kept : t.open);
  return (
    <DataTable name={name} caption={caption} rows={rows} id={(row) => `${row.arm} ${row.metric}`} empty={t.none2} columns={[
      { key: 'metric', title: t.metric, value: (row) => row.metric },
      { key: 'arm', title: t.arm, value: (row) => row.arm },
      { key: 'difference', title: t.difference, value: (row) => row.difference, show: (row) => numberOf(row.difference, format.score), numeric: true },
      { key: 'low', title: t.interval, value: (row) => row.sequential.low, show: (row) => `${numberOf(row.sequential.low, format.score)} … ${numberOf(row.sequential.high, format.score)}`, numeric: true },
      { key: 'p', title: t.p, value: (row) => row.sequential.p, show: (row) => format.score(row.sequential.p), numeric: true },
      { key: 'state', title: t.state, value: stateOf, show: (row) => <span className={row.broken === true ? 'badge bad' : 'badge'}>{stateOf(row)}</span> },
    ]} />
  );
}
