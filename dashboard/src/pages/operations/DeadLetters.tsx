import { useCallback } from 'react';
import { api, dataOf } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { useFormat } from '../../i18n/format';
import { Correction } from './Correction';
import { useText } from './text';

const hubs = ['transactions', 'events'] as const;

/** Events that could not be taken. */
export function DeadLetters() {
  const [t, format] = [useText(), useFormat()];
  const [hubText, setHub] = useUrlState('hub', hubs[0]);
  const [status, setStatus] = useUrlState('status', 'open');
  const [chosen, choose] = useUrlState('letter');
  const hub = hubText === 'events' ? 'events' : 'transactions';
  const letters = useLive(useCallback((signal: AbortSignal) =>
    dataOf(api.GET('/dead-letters/{hub}', { params: { path: { hub }, query: { size: 1000, status: status === 'all' ? 'all' : 'open' } }, signal })), [hub, status]));
  return (
    <>
      <div className="row">
        <label>{t.hub} <select value={hub} onChange={(event) => setHub(event.target.value)}>{hubs.map((each) => <option key={each}>{each}</option>)}</select></label>
        <label>{t.show} <select value={status} onChange={(event) => setStatus(event.target.value)}><option value="open">{t.openOnes}</option><option value="all">{t.all}</option></select></label>
      </div>
      {chosen !== '' && <Correction key={`${hub} ${chosen}`} hub={hub} id={chosen} sent={letters.refresh} close={() => choose('')} />}
      <LiveView live={letters}>
        {({ deadLetters }) => (
          <DataTable name="dead-letters" caption={t.letters} rows={deadLetters} id={(letter) => letter.id} empty={t.none} columns={[
            { key: 'came', title: t.came, value: (letter) => letter.enqueuedAt, show: (letter) => format.time(letter.enqueuedAt), width: '11rem' },
            { key: 'field', title: t.field, value: (letter) => letter.field, width: '10rem' },
            { key: 'reason', title: t.reason, value: (letter) => letter.reason, show: (letter) => <span title={letter.reason}>{letter.reason}</span> },
            { key: 'resent', title: t.resent, value: (letter) => letter.resentAt ?? '', show: (letter) => (letter.resentAt ? format.time(letter.resentAt) : ''), width: '11rem' },
            { key: 'id', title: t.id, value: (letter) => letter.id, width: '16rem', show: (letter) => (
              <button type="button" className="link" aria-expanded={letter.id === chosen} onClick={() => choose(letter.id)}>{letter.resentAt ? t.look : t.correct} {letter.id}</button>
            ) },
          ]} />
        )}
      </LiveView>
    </>
  );
}
