import { useState } from 'react';
import { Link } from 'react-router';
import { ask } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { DataTable } from '../../components/DataTable';
import { Failed, Nothing } from '../../components/States';
import { useFormat } from '../../i18n/format';
import { jsonBody, type DocumentRecord } from '../documents/api';
import { useWords } from './words';

interface Plan {
  readonly moving: number;
  readonly messagedAgain: number;
  readonly moves: readonly { readonly customerId: string; readonly instance: string; readonly from: string; readonly to: string; readonly messagedAgain: readonly string[] }[];
  readonly stays: readonly { readonly customerId: string; readonly instance: string; readonly node: string | null; readonly reason: string }[];
}

/** Moves customers who are in an earlier version to the one in force: looked at first. */
export function Migration({ id, record, inForce }: { readonly id: string; readonly record: DocumentRecord | null; readonly inForce: number }) {
  const [t, format] = [useWords(), useFormat()];
  const earlier = record?.versions.filter((each) => each.status === 'Approved' && each.version !== inForce).map((each) => each.version) ?? [];
  const [from, setFrom] = useState(earlier.at(-1) ?? 0);
  const [map, setMap] = useState('');
  const [state, setState] = useState<{ readonly plan?: Plan; readonly failure?: unknown; readonly isBusy?: boolean; readonly isDone?: boolean }>({});
  if (earlier.length === 0) return <Nothing>{t.nothingOld}</Nothing>;
  const go = (dryRun: boolean) => {
    const pairs = map.split('\n').map((line) => line.split('=').map((each) => each.trim())).filter(([old, other]) => old !== '' && other !== undefined);
    setState({ isBusy: true });
    ask<Plan>(`/api/journeys/${encodeURIComponent(id)}/migration`, jsonBody('POST', JSON.stringify({ from, to: inForce, map: Object.fromEntries(pairs) as unknown, dryRun })))
      .then((plan) => setState({ plan, isDone: !dryRun }), (failure: unknown) => setState({ failure }));
  };
  const plan = state.plan;
  return (
    <section aria-label={t.migrate}>
      <p className="hint">{t.migrateHint}</p>
      <div className="row">
        <label>{t.from} <select value={from} onChange={(event) => setFrom(Number(event.target.value))}>{earlier.map((each) => <option key={each}>{each}</option>)}</select></label>
        <span>{t.to} {inForce}</span>
        <label>{t.map}<textarea className="code" rows={2} value={map} onChange={(event) => setMap(event.target.value)} /></label>
        <ActionButton operation="MigrateJourney" disabled={state.isBusy === true} onClick={() => go(true)}>{t.look}</ActionButton>
        <ActionButton operation="MigrateJourney" primary disabled={state.isBusy === true || plan === undefined || state.isDone === true || plan.moving === 0} onClick={() => go(false)}>{t.move}</ActionButton>
      </div>
      {state.failure !== undefined && <Failed failure={state.failure} />}
      {state.isDone === true && <p role="status" className="done">{t.moved}</p>}
      {plan !== undefined && (
        <>
          <p role="status">{t.moving(format.whole(plan.moving), format.whole(plan.messagedAgain))}</p>
          <div className="split">
            <DataTable name="moves" caption={t.moves} rows={plan.moves} id={(row) => row.instance} columns={[
              { key: 'customer', title: t.customer, value: (row) => row.customerId, show: (row) => <Link to={`/customers/${encodeURIComponent(row.customerId)}`}>{row.customerId}</Link> },
              { key: 'from', title: t.nodeNow, value: (row) => row.from }, { key: 'to', title: t.nodeThen, value: (row) => row.to },
              { key: 'again', title: t.again, value: (row) => row.messagedAgain.join(', ') },
            ]} />
            <DataTable name="stays" caption={t.staying} rows={plan.stays} id={(row) => row.instance} columns={[
              { key: 'customer', title: t.customer, value: (row) => row.customerId, show: (row) => <Link to={`/customers/${encodeURIComponent(row.customerId)}`}>{row.customerId}</Link> },
              { key: 'node', title: t.nodeNow, value: (row) => row.node ?? '' }, { key: 'reason', title: t.reason, value: (row) => row.reason, show: (row) => <span title={row.reason}>{row.reason}</span> },
            ]} />
          </div>
        </>
      )}
    </section>
  );
}
