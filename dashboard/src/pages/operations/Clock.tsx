import { useState } from 'react';
import { Failure } from '../../api/client';
import { Failed, Nothing } from '../../components/States';
import { useFormat } from '../../i18n/format';
import { askHost, useEmulator } from './emulator';
import { MasterKey } from './MasterKey';
import { useText } from './text';

interface Standing {
  readonly now: string;
  readonly fired?: number;
}

/** The emulator's virtual clock. */
export function Clock() {
  const [t, format] = [useText(), useFormat()];
  const isEmulator = useEmulator();
  const [key, setKey] = useState('');
  const [by, setBy] = useState('P1D');
  const [standing, setStanding] = useState<Standing | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const ask = (body?: { by: string }) => {
    setFailure(null);
    askHost<Standing>('/admin/clock', key, body).then(setStanding, setFailure);
  };
  if (isEmulator === false) return <Nothing>{t.azureClock}</Nothing>;
  return (
    <div className="panel">
      <MasterKey value={key} change={setKey} />
      <div className="row">
        <button type="button" disabled={key === ''} onClick={() => ask()}>{t.ask}</button>
        <label>{t.by} <select value={by} onChange={(event) => setBy(event.target.value)}>
          <option value="P1D">{t.day}</option><option value="P7D">{t.week}</option><option value="P30D">{t.month}</option>
        </select></label>
        <button type="button" className="primary" disabled={key === '' || standing === null} onClick={() => ask({ by })}>{t.move}</button>
      </div>
      {failure instanceof Failure && failure.status === 409 ? <Nothing>{t.noClock}</Nothing> : failure !== null && <Failed failure={failure} />}
      {standing !== null && <p role="status">{t.now} <strong>{format.time(standing.now)}</strong>. {standing.fired !== undefined && t.moved(format.whole(standing.fired))}</p>}
    </div>
  );
}
