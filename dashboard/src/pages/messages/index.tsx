import { useState } from 'react';
import { Link } from 'react-router';
import { api, ask, dataOf } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { Failed } from '../../components/States';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { catalogue } from '../../i18n/catalogue';

const useText = catalogue(
  {
    title: 'Messages', waiting: 'Messages that wait for a person', none: 'Nothing waits: every message was proven by the checks.', message: 'Message', customer: 'Customer', template: 'Template', channel: 'Channel', reason: 'Why it waits', language: 'Language', purpose: 'Purpose', open: (id: string) => `Look at ${id}`, close: 'Close',
    subject: 'Subject', body: 'Text', why: 'Why', approve: 'Approve', reject: 'Reject', done: 'Decided.', fourEyes: 'Somebody else than who had it written decides.',
  },
  {
    title: 'Nachrichten', waiting: 'Nachrichten, die auf einen Menschen warten', none: 'Nichts wartet: Jede Nachricht haben die Prüfungen bewiesen.', message: 'Nachricht', customer: 'Kunde', template: 'Vorlage', channel: 'Kanal', reason: 'Warum sie wartet', language: 'Sprache', purpose: 'Zweck', open: (id) => `${id} ansehen`, close: 'Schließen',
    subject: 'Betreff', body: 'Text', why: 'Warum', approve: 'Freigeben', reject: 'Ablehnen', done: 'Entschieden.', fourEyes: 'Es entscheidet jemand anderes als der, der sie schreiben ließ.',
  },
);

const load = (signal: AbortSignal) => dataOf(api.GET('/messages/approvals', { signal }));
type Waiting = NonNullable<Awaited<ReturnType<typeof load>>['messages']>[number];

export default function MessagesPage() {
  const t = useText();
  const live = useLive(load);
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
    </>
  );
}

function Decision({ message, close, done }: { readonly message: Waiting; readonly close: () => void; readonly done: () => void }) {
  const t = useText();
  const [why, setWhy] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const decide = (approve: boolean) => {
    setFailure(null);
    ask(`/api/messages/${encodeURIComponent(message.messageId ?? '')}/approval`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ customerId: message.customerId, approve, why: why.trim() }),
    }).then(() => {
      close();
      done();
    }, setFailure);
  };
  return (
    <section className="panel" aria-label={message.messageId}>
      <div className="row"><h2>{message.subject ?? message.messageId}</h2><span className="grow" /><button type="button" onClick={close}>{t.close}</button></div>
      <pre>{message.body}</pre>
      <div className="row">
        <label>{t.why} <input value={why} required maxLength={1000} onChange={(event) => setWhy(event.target.value)} /></label>
        <ActionButton operation="ApproveMessage" primary disabled={why.trim() === ''} onClick={() => decide(true)}>{t.approve}</ActionButton>
        <ActionButton operation="ApproveMessage" disabled={why.trim() === ''} onClick={() => decide(false)}>{t.reject}</ActionButton>
      </div>
      <p className="hint">{t.fourEyes}</p>
      {failure !== null && <Failed failure={failure} />}
    </section>
  );
}
