import { useCallback } from 'react';
import { Link } from 'react-router';
import { api, dataOf } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { catalogue } from '../../i18n/catalogue';
import { useFormat } from '../../i18n/format';
import { Case } from './Case';
import { Figures } from './Figures';

const useText = catalogue(
  {
    title: 'Collections', queue: 'Queue', cases: 'Cases, the most worthwhile first', none: 'No case waits in this queue.', customer: 'Customer', kind: 'Kind', status: 'Status', opened: 'Opened', value: 'Worth', claimed: 'With', look: (id: string) => `Look at ${id}`, id: 'Case',
  },
  {
    title: 'Inkasso', queue: 'Warteschlange', cases: 'Fälle, die lohnendsten zuerst', none: 'In dieser Warteschlange wartet kein Fall.', customer: 'Kunde', kind: 'Art', status: 'Stand', opened: 'Eröffnet', value: 'Wert', claimed: 'Bei', look: (id) => `${id} ansehen`, id: 'Fall',
  },
);

export default function CollectionsPage() {
  const [t, format] = [useText(), useFormat()];
  const [queue, setQueue] = useUrlState('queue', 'collections');
  const [chosen, choose] = useUrlState('case');
  const live = useLive(useCallback((signal: AbortSignal) => dataOf(api.GET('/collections/queue', { params: { query: { queue } }, signal })), [queue]));
  const [customerId, id] = chosen.split('/');
  return (
    <>
      <h1>{t.title}</h1>
      <div className="row"><label>{t.queue} <input value={queue} maxLength={64} onChange={(event) => setQueue(event.target.value)} /></label></div>
      {customerId !== undefined && id !== undefined && <Case key={chosen} customerId={customerId} id={id} close={() => choose('')} changed={live.refresh} />}
      <LiveView live={live}>
        {({ cases }) => (
          <DataTable name="cases" caption={t.cases} rows={cases ?? []} id={(row) => `${row.customerId ?? ''} ${row.id ?? ''}`} empty={t.none} columns={[
            { key: 'id', title: t.id, value: (row) => row.id ?? '', show: (row) => <button type="button" className="link" onClick={() => choose(`${row.customerId ?? ''}/${row.id ?? ''}`)}>{t.look(row.id ?? '')}</button> },
            { key: 'customer', title: t.customer, value: (row) => row.customerId ?? '', show: (row) => <Link to={`/customers/${encodeURIComponent(row.customerId ?? '')}`}>{row.customerId}</Link> },
            { key: 'kind', title: t.kind, value: (row) => row.kind ?? '' },
            { key: 'status', title: t.status, value: (row) => row.status ?? '', show: (row) => <span className="badge">{row.status}</span> },
            { key: 'opened', title: t.opened, value: (row) => row.openedAt ?? '', show: (row) => (row.openedAt === undefined ? '' : format.time(row.openedAt)) },
            { key: 'value', title: t.value, value: (row) => row.value ?? null, show: (row) => (row.value == null ? '–' : format.number(row.value)), numeric: true },
            { key: 'claimed', title: t.claimed, value: (row) => row.claimedBy ?? '' },
          ]} />
        )}
      </LiveView>
      <Figures />
    </>
  );
}
