import { useCallback } from 'react';
import { Link, useParams } from 'react-router';
import { api, ask, dataOf } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { useFormat } from '../../i18n/format';
import { Course } from './Course';
import type { Card, Ledger } from './curves';
import { Drift } from './Drift';
import { Fairness } from './Fairness';
import { Pictures } from './Pictures';
import { Steps } from './Steps';
import { useText } from './text';

export default function ModelsPage() {
  const { model } = useParams();
  return model === undefined ? <All /> : <One key={model} id={model} />;
}

const loadAll = (signal: AbortSignal) => dataOf(api.GET('/models', { signal }));

function All() {
  const t = useText();
  const live = useLive(loadAll, 30_000);
  return (
    <>
      <h1>{t.title}</h1>
      <LiveView live={live}>
        {({ models }) => (
          <DataTable name="models" caption={t.title} height={38} rows={models ?? []} id={(row) => row.id ?? ''} empty={t.none} columns={[
            { key: 'id', title: t.model, value: (row) => row.id ?? '', show: (row) => <Link to={`/models/${row.id ?? ''}`}>{row.id}</Link> },
            { key: 'champion', title: t.champion, value: (row) => row.champion ?? null, numeric: true },
            { key: 'challengers', title: t.challengers, value: (row) => (row.challengers ?? []).join(', ') },
            { key: 'kind', title: t.kind, value: (row) => row.kind ?? '' },
            { key: 'purpose', title: t.purpose, value: (row) => row.purpose ?? '', show: (row) => <span title={row.label ?? ''}>{row.purpose}</span> },
            { key: 'signal', title: t.signal, value: (row) => row.signal ?? '' },
          ]} />
        )}
      </LiveView>
    </>
  );
}

async function load(id: string, version: string, signal: AbortSignal) {
  const card = (which: string) => ask<Card>(`/api/models/${encodeURIComponent(id)}/card${which === '' ? '' : `?version=${which}`}`, { signal, headers: { accept: 'application/json' } });
  const [shown, champion, ledger, watch] = await Promise.all([
    card(version),
    version === '' ? null : card(''),
    dataOf(api.GET('/models/{modelId}/history', { params: { path: { modelId: id } }, signal })),
    dataOf(api.GET('/models/{modelId}/watch', { params: { path: { modelId: id } }, signal })),
  ]);
  return { card: shown, other: champion !== null && champion.version !== shown.version ? champion : null, ledger, watch: watch.last?.version === shown.version ? watch.last : null };
}

function One({ id }: { readonly id: string }) {
  const [t, format] = [useText(), useFormat()];
  const [version, setVersion] = useUrlState('version');
  const asked = /^[1-9]\d{0,8}$/.test(version) ? version : '';
  const live = useLive(useCallback((signal: AbortSignal) => load(id, asked, signal), [id, asked]), 30_000);
  return (
    <>
      <p className="hint"><Link to="/models">{t.back}</Link></p>
      <h1>{id}</h1>
      <LiveView live={live}>
        {({ card, other, ledger, watch }) => (
          <>
            <p>{card.purpose} {card.label}</p>
            <div className="row"><Versions ledger={ledger} shown={card.version} select={setVersion} /></div>
            <Steps id={id} ledger={ledger} done={live.refresh} />
            <Pictures card={card} other={other} />
            <div className="split">
              <div><Drift watch={watch} /></div>
              <Fairness watch={watch} gates={ledger.entries?.findLast((entry) => entry.action === 'Promoted' && entry.version === card.version)?.gates ?? []} />
            </div>
            <div className="split">
              <DataTable name="metrics" caption={t.metrics(card.version)} rows={Object.entries(card.metrics)} id={([name]) => name} columns={[
                { key: 'metric', title: t.metric, value: ([name]) => name },
                { key: 'value', title: t.value, value: ([, metric]) => metric.value, show: ([, metric]) => format.score(metric.value), numeric: true },
                { key: 'interval', title: t.interval, value: ([, metric]) => metric.low ?? null, show: ([, metric]) => (metric.low === undefined || metric.high === undefined ? '' : `${format.score(metric.low)} … ${format.score(metric.high)}`), numeric: true },
              ]} />
              <div>
                <div className="panel">
                  <h2>{t.limits}</h2>
                  <ul>{card.limits.map((limit) => <li key={limit}>{limit}</li>)}</ul>
                </div>
                <DataTable name="training" caption={t.training} rows={Object.entries(card.training)} id={([name]) => name} columns={[
                  { key: 'name', title: t.metric, value: ([name]) => name },
                  { key: 'value', title: t.value, value: ([, value]) => (typeof value === 'string' ? value : JSON.stringify(value)) },
                ]} />
              </div>
            </div>
            <Course ledger={ledger} />
          </>
        )}
      </LiveView>
    </>
  );
}

/** The versions that there are, to look at one; the champion is compared with whichever is chosen. */
function Versions({ ledger, shown, select }: { readonly ledger: Ledger; readonly shown: number; readonly select: (version: string) => void }) {
  const t = useText();
  const versions = [...new Set([...(ledger.shipped == null ? [] : [ledger.shipped]), ...(ledger.entries ?? []).map((entry) => entry.version), shown])].sort((one, other) => one - other);
  const name = (version: number) => (version === ledger.champion ? t.isChampion(version) : ledger.challengers?.includes(version) === true ? t.isChallenger(version) : t.versionOf(version));
  return (
    <label>{t.shown}{' '}
      <select value={shown} onChange={(event) => select(Number(event.target.value) === ledger.champion ? '' : event.target.value)}>
        {versions.map((version) => <option key={version} value={version}>{name(version)}</option>)}
      </select>
    </label>
  );
}
