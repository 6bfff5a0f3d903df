import { useId, useState } from 'react';
import { ask, Failure } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { Confirm } from '../../components/Confirm';
import { Failed } from '../../components/States';
import type { Gate, Ledger } from './curves';
import { useText } from './text';

type Wanted = { readonly kind: 'promotion' | 'withdrawal'; readonly version: number } | { readonly kind: 'rollback'; readonly version: number | null };

const operations = { promotion: 'PromoteModel', rollback: 'RollBackModel', withdrawal: 'WithdrawChallenger' } as const;

/** What can be done with the versions. Each step is asked about in a dialog before it is taken. */
export function Steps({ id, ledger, done }: { readonly id: string; readonly ledger: Ledger; readonly done: () => void }) {
  const t = useText();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [isDone, setDone] = useState(false);
  const challengers = ledger.challengers ?? [];
  const open = (next: Wanted) => {
    setDone(false);
    setWanted(next);
  };
  return (
    <div className="panel">
      <div className="row">
        {challengers.map((version) => (
          <span key={version} className="row">
            <ActionButton operation="PromoteModel" primary onClick={() => open({ kind: 'promotion', version })}>{t.promote(version)}</ActionButton>
            <ActionButton operation="WithdrawChallenger" onClick={() => open({ kind: 'withdrawal', version })}>{t.withdraw(version)}</ActionButton>
          </span>
        ))}
        <ActionButton operation="RollBackModel" onClick={() => open({ kind: 'rollback', version: ledger.previous ?? null })}>{t.rollBack}</ActionButton>
      </div>
      {challengers.length === 0 && <p className="hint">{t.noChallengers}</p>}
      {isDone && <p role="status" className="done">{t.done}</p>}
      {wanted !== null && (
        <Step id={id} champion={ledger.champion ?? null} wanted={wanted} close={() => setWanted(null)} taken={() => {
          setWanted(null);
          setDone(true);
          done();
        }} />
      )}
    </div>
  );
}

function Step({ id, champion, wanted, close, taken }: {
  readonly id: string; readonly champion: number | null; readonly wanted: Wanted; readonly close: () => void; readonly taken: () => void;
}) {
  const t = useText();
  const field = useId();
  const [reason, setReason] = useState('');
  const [against, setAgainst] = useState(false);
  const [state, setState] = useState<{ readonly failure?: unknown; readonly isBusy?: boolean }>({});
  const gates = state.failure instanceof Failure && Array.isArray(state.failure.problem['gates']) ? (state.failure.problem['gates'] as readonly Pick<Gate, 'name' | 'passed' | 'words'>[]) : null;
  const why = reason.trim();
  const take = () => {
    setState({ isBusy: true });
    const [path, method, body] = wanted.kind === 'withdrawal'
      ? [`challengers/${wanted.version}${why === '' ? '' : `?reason=${encodeURIComponent(why)}`}`, 'DELETE', undefined] as const
      : [wanted.kind, 'POST', { ...(wanted.kind === 'promotion' ? { version: wanted.version, ...(against ? { override: true } : {}) } : {}), ...(why === '' ? {} : { reason: why }) }] as const;
    ask(`/api/models/${encodeURIComponent(id)}/${path}`, { method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) })
      .then(taken, (failure: unknown) => setState({ failure }));
  };
  const title = wanted.kind === 'promotion' ? t.promote(wanted.version) : wanted.kind === 'withdrawal' ? t.withdraw(wanted.version) : t.rollBack;
  const says = wanted.kind === 'promotion' ? t.promotionSays(wanted.version, champion)
    : wanted.kind === 'withdrawal' ? t.withdrawalSays(wanted.version)
      : wanted.version === null ? t.nothingBefore : t.rollbackSays(wanted.version, champion);
  return (
    <Confirm title={title} close={close}>
      <p>{says}</p>
      <label htmlFor={field}>{t.reason}</label>
      <textarea id={field} rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      {state.failure !== undefined && <Failed failure={state.failure} />}
      {gates !== null && (
        <>
          <ul>{gates.map((gate) => <li key={gate.name} className={gate.passed ? 'good' : 'bad'}>{gate.name}: {gate.words}</li>)}</ul>
          <label><input type="checkbox" checked={against} onChange={(event) => setAgainst(event.target.checked)} /> {t.against}</label>
        </>
      )}
      <div className="row">
        <ActionButton operation={operations[wanted.kind]} primary disabled={state.isBusy === true || (against && why === '') || (wanted.kind === 'rollback' && wanted.version === null)} onClick={take}>{t.take}</ActionButton>
        <button type="button" onClick={close}>{t.cancel}</button>
      </div>
    </Confirm>
  );
}
