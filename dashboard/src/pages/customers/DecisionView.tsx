import { useCallback, useEffect, useRef, useState } from 'react';
import { api, dataOf } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { Failed } from '../../components/States';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { useFormat } from '../../i18n/format';
import { funnelOf } from './funnel';
import { useText } from './decisionText';

type Load = (signal: AbortSignal) => Promise<Decision>;
const load = (decisionId: string, signal: AbortSignal) => dataOf(api.GET('/decisions/{decisionId}', { params: { path: { decisionId } }, signal }));
type Decision = Awaited<ReturnType<typeof load>>;
type Action = Decision['actions'][number];

/** A decision: what was considered, what fell out where, the ranks, and why not. */
export default function DecisionView({ decisionId, close }: { readonly decisionId: string; readonly close: () => void }) {
  const [t, format] = [useText(), useFormat()];
  const live = useLive(useCallback<Load>((signal) => load(decisionId, signal), [decisionId]), 0);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="panel" aria-label={t.title}>
      <div className="row">
        <h2 ref={heading} tabIndex={-1}>{t.title}</h2>
        <span className="grow" />
        <button type="button" onClick={close}>{t.close}</button>
      </div>
      <LiveView live={live}>
        {(decision) => (
          <>
            <p className="hint">{format.time(decision.at)} · {strategyOf(decision)} · <code>{decision.decisionId}</code></p>
            <Replay decisionId={decisionId} />
            <div className="split">
              <Funnel actions={decision.actions} />
              <Why actions={decision.actions} />
            </div>
            <Ranks actions={decision.actions.toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity))} />
          </>
        )}
      </LiveView>
    </section>
  );
}

function strategyOf({ strategy }: Decision): string {
  const { id, version } = strategy as { readonly id?: string; readonly version?: number };
  return `${id ?? ''}@${version ?? ''}`;
}

function Replay({ decisionId }: { readonly decisionId: string }) {
  const t = useText();
  const [answer, setAnswer] = useState<Awaited<ReturnType<typeof ask>> | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const ask = () => dataOf(api.POST('/decisions/{decisionId}/replay', { params: { path: { decisionId } } }));
  const replay = () => {
    setFailure(null);
    ask().then(setAnswer, setFailure);
  };
  return (
    <>
      <div className="row"><ActionButton operation="ReplayDecision" onClick={replay}>{t.replay}</ActionButton></div>
      {failure !== null && <Failed failure={failure} retry={replay} />}
      {answer !== null && (
        <div role="status" className={answer.identical ? 'done' : 'state failed'}>
          {answer.identical ? t.identical : t.different}
          {answer.differences.map((each) => <p key={each.path} className="detail"><code>{each.path}</code>: {JSON.stringify(each.recorded)} → {JSON.stringify(each.replayed)}</p>)}
        </div>
      )}
    </>
  );
}

function Funnel({ actions }: { readonly actions: readonly Action[] }) {
  const [t, format] = [useText(), useFormat()];
  const steps = funnelOf(actions);
  return (
    <table className="bars">
      <caption>{t.funnel}</caption>
      <tbody>
        {steps.map((step) => (
          <tr key={step.name}>
            <th scope="row">{t[step.name]}</th>
            <td className="numeric">{format.whole(step.left)}</td>
            <td className="track" aria-hidden="true"><svg viewBox="0 0 100 8" preserveAspectRatio="none"><rect className="up" height="8" width={actions.length === 0 ? 0 : (step.left / actions.length) * 100} /></svg></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Why({ actions }: { readonly actions: readonly Action[] }) {
  const [t, format] = [useText(), useFormat()];
  const [chosen, choose] = useUrlState('action');
  const action = actions.find((each) => each.id === chosen) ?? actions.find((each) => each.rank === 1) ?? actions[0];
  if (action === undefined) return null;
  return (
    <div>
      <label>{t.why}{' '}
        <select value={action.id} onChange={(event) => choose(event.target.value)}>{actions.map((each) => <option key={each.id}>{each.id}</option>)}</select>
      </label>
      <p>{action.rank === 1 ? t.won : action.whyNot ?? action.verdict}</p>
      {action.change !== undefined && action.change.length > 0 && (
        <>
          <h3>{t.change}</h3>
          <ul>{action.change.map((step, index) => <li key={index}>{step.words}</li>)}</ul>
        </>
      )}
      {action.noChange !== undefined && <p className="hint">{t.noChange} {action.noChange}</p>}
      {action.contacts !== undefined && Object.keys(action.contacts).length > 0 && (
        <>
          <h3>{t.gate}</h3>
          <ul>{Object.entries(action.contacts).map(([channel, verdict]) => <li key={channel}><code>{channel}</code>: {verdict}</li>)}</ul>
        </>
      )}
      {action.priority !== undefined && <p className="hint">{t.product(format.number(action.propensity ?? 0), format.number(action.context ?? 0), format.number(action.value ?? 0), format.number(action.lever ?? 0), format.number(action.priority))}</p>}
    </div>
  );
}

function Ranks({ actions }: { readonly actions: readonly Action[] }) {
  const [t, format] = [useText(), useFormat()];
  const number = (value: number | undefined) => (value === undefined ? '' : format.number(value));
  return (
    <DataTable name="actions" caption={t.actions} rows={actions} id={(row) => row.id} columns={[
      { key: 'rank', title: t.rank, value: (row) => row.rank ?? null, numeric: true, width: '4rem' },
      { key: 'action', title: t.action, value: (row) => row.id },
      { key: 'verdict', title: t.verdict, value: (row) => row.verdict, show: (row) => <span className={row.rank === 1 ? 'badge good' : 'badge'}>{row.verdict}</span> },
      { key: 'channel', title: t.channel, value: (row) => row.channel ?? '' },
      { key: 'priority', title: t.priority, value: (row) => row.priority ?? null, show: (row) => number(row.priority), numeric: true },
      { key: 'propensity', title: t.propensity, value: (row) => row.propensity ?? null, show: (row) => number(row.propensity), numeric: true },
      { key: 'value', title: t.value, value: (row) => row.value ?? null, show: (row) => number(row.value), numeric: true },
      { key: 'why', title: t.whyNot, value: (row) => row.whyNot ?? '', show: (row) => <span title={row.whyNot}>{row.whyNot}</span> },
    ]} />
  );
}
