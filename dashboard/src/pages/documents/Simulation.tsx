import { useState } from 'react';
import { Link } from 'react-router';
import { api, dataOf } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { DataTable } from '../../components/DataTable';
import { Failed, Loading, Nothing } from '../../components/States';
import { useFormat } from '../../i18n/format';
import type { DocumentRecord } from './api';
import { useText } from './text';

const simulate = (id: string, version: number, customers: number) =>
  dataOf(api.POST('/documents/strategies/{id}/simulation', { params: { path: { id } }, body: { version, customers } }));
type Forecasts = Awaited<ReturnType<typeof simulate>>;

/** Who would be offered what by the last version, against the one in force, on a sample of real customers. */
export function Simulation({ id, record }: { readonly id: string; readonly record: DocumentRecord | null }) {
  const t = useText();
  const [customers, setCustomers] = useState(500);
  const [state, setState] = useState<{ readonly found?: Forecasts; readonly failure?: unknown; readonly isBusy?: boolean }>({});
  const last = record?.versions.at(-1);
  if (last === undefined) return <Nothing>{t.none}</Nothing>;
  const run = () => {
    setState({ isBusy: true });
    simulate(id, last.version, customers).then((found) => setState({ found }), (failure: unknown) => setState({ failure }));
  };
  return (
    <>
      <div className="row">
        <label>{t.customers} <input type="number" min={1} max={2000} value={customers} onChange={(event) => setCustomers(event.target.valueAsNumber || 1)} /></label>
        <ActionButton operation="SimulateStrategy" primary disabled={state.isBusy === true} onClick={run}>{t.simulate}</ActionButton>
      </div>
      {state.isBusy === true && <Loading />}
      {state.failure !== undefined && <Failed failure={state.failure} retry={run} />}
      {state.found !== undefined && <Result found={state.found} />}
    </>
  );
}

function Result({ found: { before, after, sampled, population, changed, examples } }: { readonly found: Forecasts }) {
  const [t, format] = [useText(), useFormat()];
  const actions = [...new Set([...Object.keys(before?.actions ?? {}), ...Object.keys(after.actions)])].sort();
  const channels = [...new Set([...Object.keys(before?.contacts ?? {}), ...Object.keys(after.contacts)])].sort();
  const rows: { readonly name: string; readonly before: number | null; readonly after: number }[] = [
    { name: t.decided, before: before?.decided ?? null, after: after.decided },
    { name: t.offersNothing, before: before?.nothing ?? null, after: after.nothing },
    { name: t.accepted, before: before?.accepted ?? null, after: after.accepted },
    { name: t.revenue, before: before?.revenue ?? null, after: after.revenue },
    { name: t.expectedLoss, before: before?.expectedLoss ?? null, after: after.expectedLoss },
    { name: t.contactCost, before: before?.contactCost ?? null, after: after.contactCost },
    ...actions.map((name) => ({ name, before: before?.actions[name] ?? 0, after: after.actions[name] ?? 0 })),
    ...channels.map((name) => ({ name: `→ ${name}`, before: before?.contacts[name] ?? 0, after: after.contacts[name] ?? 0 })),
  ];
  return (
    <>
      <p role="status">{t.sampled(format.whole(sampled), format.whole(population), format.whole(changed))}</p>
      <div className="split">
        <DataTable name="forecast" caption={t.simulation} rows={rows} id={(row) => row.name} columns={[
          { key: 'measure', title: t.measure, value: (row) => row.name },
          { key: 'before', title: t.before, value: (row) => row.before, show: (row) => (row.before === null ? '–' : format.number(row.before)), numeric: true },
          { key: 'after', title: t.after, value: (row) => row.after, show: (row) => format.number(row.after), numeric: true },
          { key: 'difference', title: t.difference_, value: (row) => (row.before === null ? null : row.after - row.before), show: (row) => (row.before === null ? '–' : format.number(row.after - row.before)), numeric: true },
        ]} />
        <DataTable name="examples" caption={t.examples} rows={examples} id={(row) => row.customerId} columns={[
          { key: 'customer', title: t.customer, value: (row) => row.customerId, show: (row) => <Link to={`/customers/${encodeURIComponent(row.customerId)}`}>{row.customerId}</Link> },
          { key: 'before', title: t.before, value: (row) => row.before ?? '–' },
          { key: 'after', title: t.after, value: (row) => row.after ?? '–' },
        ]} />
      </div>
    </>
  );
}
