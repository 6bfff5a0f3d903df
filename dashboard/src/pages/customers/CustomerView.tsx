import { lazy, Suspense, useCallback, useState } from 'react';
import { Link } from 'react-router';
import { ask } from '../../api/client';
import { usePermission } from '../../api/session';
import { ActionButton } from '../../components/ActionButton';
import { download } from '../../components/csv';
import { Tabs } from '../../components/Tabs';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { Failed, Loading, Nothing } from '../../components/States';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { useFormat } from '../../i18n/format';
import { Scores } from './Scores';
import { Timeline } from './Timeline';
import { Trail } from './Trail';
import { useText } from './text';
import type { Customer, Message } from './types';

const DecisionView = lazy(() => import('./DecisionView'));

export function CustomerView({ customerId }: { readonly customerId: string }) {
  const [t, format] = [useText(), useFormat()];
  const [tab, setTab] = useUrlState('part', 'timeline');
  const [decision, setDecision] = useUrlState('decision');
  const path = `/api/customers/${encodeURIComponent(customerId)}`;
  const [failure, setFailure] = useState<unknown>(null);
  const { allowed: mayReadMessages } = usePermission('ListMessages');
  const live = useLive(useCallback(async (signal: AbortSignal) => {
    // One after the other: of a customer who is not known the first answer says so.
    const customer = await ask<Customer>(path, { signal });
    const { messages } = mayReadMessages ? await ask<{ messages: readonly Message[] }>(`${path}/messages`, { signal }) : { messages: [] };
    return { customer, messages };
  }, [path, mayReadMessages]), 10_000);
  const save = () => {
    setFailure(null);
    ask<unknown>(`${path}/export`).then((held) => download(`${customerId}.json`, JSON.stringify(held, null, 2), 'application/json'), setFailure);
  };
  return (
    <>
      <p className="hint"><Link to="/customers">{t.back}</Link></p>
      <h1>{customerId}</h1>
      <LiveView live={live}>
        {({ customer, messages }) => (
          <>
            <div className="row">
              <span className="hint">{nameOf(customer)} {t.asOf(format.time(customer.asOf))}</span>
              <span className="grow" />
              <ActionButton operation="ExportCustomer" onClick={save}>{t.export}</ActionButton>
            </div>
            {failure !== null && <Failed failure={failure} retry={save} />}
            <Tabs label={t.sections} selected={tab} select={setTab} tabs={[
              { key: 'timeline', title: t.timeline }, { key: 'scores', title: t.scores }, { key: 'features', title: t.features }, { key: 'profile', title: t.profile }, { key: 'trail', title: t.trail },
            ]}>
              {tab === 'scores' ? <Scores scores={customer.scores} />
                : tab === 'features' ? <Features features={customer.features} />
                : tab === 'profile' ? <Profile customer={customer} />
                : tab === 'trail' ? <Trail customerId={customerId} />
                : <Timeline customer={customer} messages={messages} decision={decision} openDecision={setDecision} />}
            </Tabs>
          </>
        )}
      </LiveView>
      {decision !== '' && <Suspense fallback={<Loading />}><DecisionView key={decision} decisionId={decision} close={() => setDecision('')} /></Suspense>}
    </>
  );
}

function nameOf({ profile }: Customer): string {
  return [profile['givenName'], profile['familyName']].filter((part) => typeof part === 'string').join(' ');
}

function Features({ features }: { readonly features: Customer['features'] }) {
  const [t, format] = [useText(), useFormat()];
  return (
    <DataTable name="features" caption={t.features} height={38} rows={Object.entries(features)} id={([name]) => name} columns={[
      { key: 'feature', title: t.feature, value: ([name]) => name },
      { key: 'value', title: t.value, value: ([, value]) => value, show: ([, value]) => (value === null ? '–' : format.number(value)), numeric: true },
    ]} />
  );
}

function Profile({ customer }: { readonly customer: Customer }) {
  const [t, format] = [useText(), useFormat()];
  return (
    <div className="split">
      <DataTable name="profile" caption={t.profile} rows={Object.entries(customer.profile)} id={([name]) => name} empty={<Nothing>–</Nothing>} columns={[
        { key: 'name', title: t.name, value: ([name]) => name },
        { key: 'value', title: t.value, value: ([, value]) => wordsOf(value) },
      ]} />
      <DataTable name="consents" caption={t.consent} rows={customer.consents} id={(_, index) => `${index}`} columns={[
        { key: 'what', title: t.what, value: (row) => `${wordsOf(row['purpose'])} / ${wordsOf(row['channel'])}` },
        { key: 'value', title: t.value, value: (row) => wordsOf(row['status']) },
        { key: 'when', title: t.when, value: (row) => row.at, show: (row) => format.time(row.at) },
      ]} />
      <DataTable name="debts" caption={t.debts} rows={customer.debts} id={(row) => wordsOf(row['id'])} empty={t.noDebts} columns={[
        { key: 'id', title: t.name, value: (row) => wordsOf(row['id']) },
        { key: 'stage', title: t.debtStage, value: (row) => wordsOf(row['stage']) },
        { key: 'days', title: t.days, value: (row) => numberOf(row['daysPastDue']), numeric: true },
        { key: 'due', title: t.pastDue, value: (row) => numberOf(row['pastDue']), numeric: true },
        { key: 'balance', title: t.balance, value: (row) => numberOf(row['balance']), numeric: true },
      ]} />
    </div>
  );
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

export const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));
