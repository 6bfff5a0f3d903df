import { useCallback } from 'react';
import { api, dataOf } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { catalogue } from '../../i18n/catalogue';
import { useFormat } from '../../i18n/format';

const useText = catalogue(
  {
    title: 'Operations', hub: 'Stream', letters: 'Dead letters', id: 'Id', reason: 'Reason', time: 'Came',
    none: 'No event waits here: everything that came could be taken.',
  },
  {
    title: 'Betrieb', hub: 'Strom', letters: 'Nicht angenommene Ereignisse', id: 'Id', reason: 'Grund', time: 'Gekommen',
    none: 'Hier wartet kein Ereignis: Alles, was kam, konnte angenommen werden.',
  },
);

export default function Operations() {
  const [t, format] = [useText(), useFormat()];
  const [hub, setHub] = useUrlState('hub', 'transactions');
  const letters = useLive(useCallback((signal: AbortSignal) =>
    dataOf(api.GET('/dead-letters/{hub}', { params: { path: { hub: hub === 'events' ? 'events' : 'transactions' }, query: { size: 1000 } }, signal })), [hub]));
  return (
    <>
      <h1>{t.title}</h1>
      <div className="row">
        <label>{t.hub} <select value={hub} onChange={(event) => setHub(event.target.value)}><option>transactions</option><option>events</option></select></label>
      </div>
      <LiveView live={letters}>
        {({ deadLetters }) => (
          <DataTable name="dead-letters" caption={t.letters} rows={deadLetters} id={(letter) => letter.id} empty={t.none} columns={[
            { key: 'id', title: t.id, value: (letter) => letter.id },
            { key: 'reason', title: t.reason, value: (letter) => letter.reason },
            { key: 'time', title: t.time, value: (letter) => letter.enqueuedAt, show: (letter) => format.time(letter.enqueuedAt) },
          ]} />
        )}
      </LiveView>
    </>
  );
}
