import { useState } from 'react';
import { Link } from 'react-router';
import { ActionButton } from '../../components/ActionButton';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { Failed } from '../../components/States';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { decide, waitingMessages, type Waiting } from './api';
import { Attempts } from './Attempts';
import { Proven } from './Proven';
import { useText } from './text';

export default function MessagesPage() {
  const t = useText();
  const live = useLive(waitingMessages);
  const [chosen, choose] = useUrlState('message');
  return (
    <>
      <h1>{t.title}</h1>
      <LiveView live={live}>
        {({ messages }) => {
          const rows = messages ?? [];
          const message = rows.find((row) => row.messageId === chosen);
          return (
            <>
              {message !== undefined && <Decision key={chosen} message={message} close={() => choose('')} done={live.refresh} />}
              <DataTable name="approvals" caption={t.waiting} rows={rows} id={(row) => row.messageId ?? ''} empty={t.none} columns={[
                { key: 'id', title: t.message, value: (row) => row.messageId ?? '', show: (row) => <button type="button" className="link" onClick={() => choose(row.messageId ?? '')}>{t.open(row.messageId ?? '')}</button> },
                { key: 'customer', title: t.customer, value: (row) => row.customerId ?? '', show: (row) => <Link to={`/customers/${encodeURIComponent(row.customerId ?? '')}`}>{row.customerId}</Link> },
                { key: 'template', title: t.template, value: (row) => row.template ?? '' },
                { key: 'channel', title: t.channel, value: (row) => row.channel ?? '' },
                { key: 'purpose', title: t.purpose, value: (row) => row.purpose ?? '' },
                { key: 'language', title: t.language, value: (row) => row.language ?? '' },
              ]} />
            </>
          );
        }}
      </LiveView>
      <Another />
    </>
  );
}

function Decision({ message, close, done }: { readonly message: Waiting; readonly close: () => void; readonly done: () => void }) {
  const t = useText();
  const [why, setWhy] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const say = (approve: boolean) => {
    setFailure(null);
    decide(message, approve, why.trim()).then(() => {
      close();
      done();
    }, setFailure);
  };
  return (
    <section className="panel" aria-label={message.messageId}>
      <div className="row"><h2>{message.messageId}</h2><span className="grow" /><button type="button" onClick={close}>{t.close}</button></div>
      {message.reasons !== undefined && message.reasons.length > 0 && <p>{t.reasons} {message.reasons.map((reason) => t[reason]).join(', ')}.</p>}
      <Proven name="proof" subject={message.subject ?? null} body={message.body ?? ''} marks={message.marks ?? []} />
      <div className="row">
        <label>{t.why} <input value={why} required maxLength={1000} onChange={(event) => setWhy(event.target.value)} /></label>
        <ActionButton operation="ApproveMessage" primary disabled={why.trim() === ''} onClick={() => say(true)}>{t.approve}</ActionButton>
        <ActionButton operation="ApproveMessage" disabled={why.trim() === ''} onClick={() => say(false)}>{t.reject}</ActionButton>
      </div>
      <p className="hint">{t.fourEyes}</p>
      {failure !== null && <Failed failure={failure} />}
    </section>
  );
}

/** Any message by its id, whether it waits or not. */
function Another() {
  const t = useText();
  const [customer, setCustomer] = useUrlState('of');
  const [id, setId] = useUrlState('id');
  return (
    <section className="panel">
      <h2>{t.find}</h2>
      <div className="row">
        <label>{t.customer} <input value={customer} maxLength={128} onChange={(event) => setCustomer(event.target.value.trim())} /></label>
        <label>{t.message} <input value={id} maxLength={200} onChange={(event) => setId(event.target.value.trim())} /></label>
      </div>
      <Attempts key={`${customer} ${id}`} customerId={customer} messageId={id} />
    </section>
  );
}
