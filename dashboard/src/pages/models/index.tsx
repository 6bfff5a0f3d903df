import { useCallback, useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, ask, dataOf } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { Failed } from '../../components/States';
import { useLive } from '../../components/useLive';
import { useFormat } from '../../i18n/format';
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

interface Metric {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

interface Card {
  readonly id: string;
  readonly version: number;
  readonly purpose: string;
  readonly label: string;
  readonly limits: readonly string[];
  readonly training: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, Metric>>;
}

async function load(id: string, signal: AbortSignal) {
  const [card, ledger] = await Promise.all([
    ask<Card>(`/api/models/${encodeURIComponent(id)}/card`, { signal, headers: { accept: 'application/json' } }),
    dataOf(api.GET('/models/{modelId}/history', { params: { path: { modelId: id } }, signal })),
  ]);
  return { card, ledger };
}

function One({ id }: { readonly id: string }) {
  const [t, format] = [useText(), useFormat()];
  const live = useLive(useCallback((signal: AbortSignal) => load(id, signal), [id]), 30_000);
  return (
    <>
      <p className="hint"><Link to="/models">{t.back}</Link></p>
      <h1>{id}</h1>
      <LiveView live={live}>
        {({ card, ledger }) => (
          <>
            <p>{card.purpose} {card.label}</p>
            <Steps id={id} challengers={ledger.challengers ?? []} done={live.refresh} />
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
            <DataTable name="history" caption={t.history} rows={ledger.entries ?? []} id={(_, index) => `${index}`} empty={t.noHistory} columns={[
              { key: 'at', title: t.at, value: (row) => row.at, show: (row) => format.time(row.at) },
              { key: 'action', title: t.action, value: (row) => row.action },
              { key: 'version', title: t.version, value: (row) => row.version, numeric: true },
              { key: 'by', title: t.by, value: (row) => row.by ?? '' },
              { key: 'reason', title: t.reason, value: (row) => row.reason ?? '' },
            ]} />
          </>
        )}
      </LiveView>
    </>
  );
}

function Steps({ id, challengers, done }: { readonly id: string; readonly challengers: readonly number[]; readonly done: () => void }) {
  const t = useText();
  const [reason, setReason] = useState('');
  const [state, setState] = useState<{ readonly failure?: unknown; readonly isDone?: boolean }>({});
  const step = (name: 'promotion' | 'rollback', body: Record<string, unknown>) => {
    ask(`/api/models/${encodeURIComponent(id)}/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...body, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }) }).then(() => {
      setState({ isDone: true });
      done();
    }, (failure: unknown) => setState({ failure }));
  };
  return (
    <div className="panel">
      <div className="row">
        <label>{t.reason} <input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} /></label>
        {challengers.map((version) => <ActionButton key={version} operation="PromoteModel" primary onClick={() => step('promotion', { version })}>{t.promote(version)}</ActionButton>)}
        <ActionButton operation="RollBackModel" onClick={() => step('rollback', {})}>{t.rollBack}</ActionButton>
      </div>
      {challengers.length === 0 && <p className="hint">{t.noChallengers}</p>}
      {state.isDone === true && <p role="status" className="done">{t.done}</p>}
      {state.failure !== undefined && <Failed failure={state.failure} />}
    </div>
  );
}
