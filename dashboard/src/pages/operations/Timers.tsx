import { useState } from 'react';
import { api, dataOf } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { Failed, Nothing } from '../../components/States';
import { useLive } from '../../components/useLive';
import { askHost, useEmulator } from './emulator';
import { MasterKey } from './MasterKey';
import { useText } from './text';

const load = (signal: AbortSignal) => dataOf(api.GET('/timers', { signal }));

/** Functions that run by the clock; in the emulator they can be run by hand. */
export function Timers() {
  const t = useText();
  const isEmulator = useEmulator();
  const timers = useLive(load, 0);
  const [key, setKey] = useState('');
  const [said, setSaid] = useState<{ readonly fired?: string; readonly failure?: unknown }>({});
  const fire = (name: string) => {
    askHost(`/admin/functions/${encodeURIComponent(name)}`, key, {}).then(() => setSaid({ fired: name }), (failure: unknown) => setSaid({ failure }));
  };
  return (
    <>
      {isEmulator === true && <MasterKey value={key} change={setKey} />}
      {isEmulator === false && <Nothing>{t.azureTimers}</Nothing>}
      {said.fired !== undefined && <p role="status" className="done">{t.fired(said.fired)}</p>}
      {said.failure !== undefined && <Failed failure={said.failure} />}
      <LiveView live={timers}>
        {({ timers: rows }) => (
          <DataTable name="timers" caption={t.timers} height={38} rows={rows} id={(row) => row.name} columns={[
            { key: 'name', title: t.name, value: (row) => row.name },
            { key: 'schedule', title: t.schedule, value: (row) => row.schedule, show: (row) => <code>{row.schedule}</code> },
            ...(isEmulator === true ? [{ key: 'fire', title: t.fire, value: () => null, show: (row: (typeof rows)[number]) => (
              <button type="button" className="quiet" disabled={key === ''} aria-label={`${t.fire}: ${row.name}`} onClick={() => fire(row.name)}>{t.fire}</button>
            ) }] : []),
          ]} />
        )}
      </LiveView>
    </>
  );
}
