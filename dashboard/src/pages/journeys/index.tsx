import { lazy, Suspense, useCallback, useState, type FormEvent, type ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { Failure, api, ask, dataOf } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { Loading, Nothing } from '../../components/States';
import { Tabs } from '../../components/Tabs';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { catalogue } from '../../i18n/catalogue';
import { useFormat } from '../../i18n/format';
import { Approval } from '../documents/Approval';
import { begin } from './load';
import { Migration } from './Migration';
import type { Journey } from './text';

const useText = catalogue(
  {
    title: 'Journeys', journey: 'Journey', version: 'Version', name: 'Title', stage: 'Stage', entered: 'Entered', running: 'There now', goals: 'Goals', conversion: 'Conversion', none: 'No journey is in force. Draw one: type its id and open it; the shipped ones open under their own ids.',
    id: 'Id', idHint: 'small letters, digits and hyphens', open: 'Open or draw', parts: 'Parts of the journey', now: 'As it runs', change: 'Edit', approval: 'Difference and approval', migration: 'Migration', start: 'start', notInForce: 'No version of it is in force. Write it under Edit, and have it approved.',
    back: 'All journeys', edit: 'The document: its text and history', nodes: 'Nodes', node: 'Node', kind: 'Kind', there: 'There now', reached: 'Reached', customers: 'Customers', converted: 'Converted', picture: (id: string) => `Picture of the journey ${id}; the table below has its figures`,
    figures: (there: string, reached: string, share: string) => `${there} now\n${reached} reached · ${share}`, ended: 'How it ended', outcome: 'Outcome', value: 'Value',
  },
  {
    title: 'Journeys', journey: 'Journey', version: 'Version', name: 'Titel', stage: 'Phase', entered: 'Eingetreten', running: 'Jetzt dort', goals: 'Ziele', conversion: 'Konversion', none: 'Keine Journey ist in Kraft. Zeichnen Sie eine: Tippen Sie ihre Id und öffnen Sie sie; die mitgelieferten öffnen sich unter ihrer Id.',
    id: 'Id', idHint: 'kleine Buchstaben, Ziffern und Bindestriche', open: 'Öffnen oder zeichnen', parts: 'Teile der Journey', now: 'Wie sie läuft', change: 'Bearbeiten', approval: 'Unterschied und Freigabe', migration: 'Migration', start: 'Start', notInForce: 'Keine Version ist in Kraft. Schreiben Sie sie unter Bearbeiten und lassen Sie sie freigeben.',
    back: 'Alle Journeys', edit: 'Das Dokument: sein Text und seine Geschichte', nodes: 'Knoten', node: 'Knoten', kind: 'Art', there: 'Jetzt dort', reached: 'Erreicht', customers: 'Kunden', converted: 'Konvertiert', picture: (id) => `Bild der Journey ${id}; die Tabelle darunter hat ihre Zahlen`,
    figures: (there, reached, share) => `${there} jetzt\n${reached} erreicht · ${share}`, ended: 'Wie sie endete', outcome: 'Ausgang', value: 'Wert',
  },
);

const Canvas = lazy(() => import('./Canvas'));
const Designer = lazy(() => import('./Designer'));

export default function JourneysPage() {
  const { journey } = useParams();
  return journey === undefined ? <All /> : <One key={journey} id={journey} />;
}

const loadAll = (signal: AbortSignal) => dataOf(api.GET('/journeys', { signal }));

function All() {
  const [t, format] = [useText(), useFormat()];
  const live = useLive(loadAll);
  const navigate = useNavigate();
  const [id, setId] = useState('');
  const open = (event: FormEvent) => {
    event.preventDefault();
    void navigate(`/journeys/${id}?part=edit`);
  };
  return (
    <>
      <h1>{t.title}</h1>
      <form className="row" onSubmit={open}>
        <label>{t.id} <input value={id} required pattern="[a-z0-9][a-z0-9\-]{0,63}" title={t.idHint} onChange={(event) => setId(event.target.value)} /></label>
        <button type="submit">{t.open}</button>
      </form>
      <LiveView live={live}>
        {({ journeys }) => (
          <DataTable name="journeys" caption={t.title} height={38} rows={journeys} id={(row) => row.id} empty={t.none} columns={[
            { key: 'id', title: t.journey, value: (row) => row.id, show: (row) => <Link to={`/journeys/${row.id}`}>{row.id}</Link> },
            { key: 'version', title: t.version, value: (row) => row.version, numeric: true },
            { key: 'title', title: t.name, value: (row) => row.title ?? '' },
            { key: 'stage', title: t.stage, value: (row) => row.stage ?? '' },
            { key: 'entered', title: t.entered, value: (row) => row.entered ?? null, numeric: true },
            { key: 'running', title: t.running, value: (row) => row.running ?? null, numeric: true },
            { key: 'goals', title: t.goals, value: (row) => row.goals ?? null, numeric: true },
            { key: 'conversion', title: t.conversion, value: (row) => row.conversion ?? null, show: (row) => share(row.conversion, format.percent), numeric: true },
          ]} />
        )}
      </LiveView>
    </>
  );
}

const share = (value: number | null | undefined, percent: (value: number) => string) => (value == null ? '–' : percent(value));

function One({ id }: { readonly id: string }) {
  const t = useText();
  const [part, setPart] = useUrlState('part', 'now');
  const live = useLive(useCallback((signal: AbortSignal) => loadOne(id, signal), [id]));
  return (
    <>
      <p className="hint"><Link to="/journeys">{t.back}</Link> · <Link to={`/documents/journeys/${id}`}>{t.edit}</Link></p>
      <h1>{id}</h1>
      <LiveView live={live}>
        {({ journey, document, begun }) => (
          <Tabs label={t.parts} selected={part} select={setPart} tabs={[{ key: 'now', title: t.now }, { key: 'edit', title: t.change }, { key: 'approval', title: t.approval }, { key: 'migration', title: t.migration }]}>
            <Suspense fallback={<Loading />}>
              {part === 'edit' ? <Designer id={id} begun={begun} changed={live.refresh} />
                : part === 'approval' ? <Approval collection="journeys" id={id} record={begun.record} changed={live.refresh} />
                : part === 'migration' ? <Migration key={journey?.version} id={id} record={begun.record} inForce={journey?.version ?? 0} />
                : journey === null || document === null ? <Nothing>{t.notInForce}</Nothing> : <Now id={id} journey={journey} document={document} />}
            </Suspense>
          </Tabs>
        )}
      </LiveView>
    </>
  );
}

/** The journey as it runs; null where no version is in force. */
async function loadOne(id: string, signal: AbortSignal) {
  const begun = await begin(id, signal);
  const journey = await dataOf(api.GET('/journeys/{id}', { params: { path: { id } }, signal })).catch((failure: unknown) => {
    if (failure instanceof Failure && failure.status === 404) return null;
    throw failure;
  });
  const address = journey === null ? null : begun.record === null ? `/api/catalogue/journeys/${encodeURIComponent(id)}` : `/api/documents/journeys/${encodeURIComponent(id)}?version=${journey.version}`;
  return { begun, journey, document: address === null ? null : await ask<Journey>(address, { signal }) };
}

type Live = Awaited<ReturnType<typeof loadOne>>;

function Now({ id, journey, document }: { readonly id: string; readonly journey: NonNullable<Live['journey']>; readonly document: Journey }) {
  const [t, format] = [useText(), useFormat()];
  const steps = journey.steps ?? noSteps;
  const figures = useCallback((name: string) => {
    const step = steps.find((each) => each.node === name);
    return t.figures(format.whole(step?.there ?? 0), format.whole(step?.reached ?? 0), share(step?.conversion, format.percent));
  }, [steps, t, format]);
  return (
    <>
      <div className="cards">
        <Card name={t.entered}>{format.whole(journey.entered ?? 0)}</Card>
        <Card name={t.running}>{format.whole(journey.running ?? 0)}</Card>
        <Card name={t.goals}>{format.whole(journey.goals ?? 0)}</Card>
        <Card name={t.conversion}>{share(journey.conversion, format.percent)}</Card>
        <Card name={t.value}>{format.number(journey.value ?? 0)}</Card>
      </div>
      <Canvas nodes={document.nodes} start={document.start} label={t.picture(id)} startWord={t.start} figures={figures} />
      <div className="split">
        <DataTable name="steps" caption={t.nodes} rows={steps} id={(row) => row.node ?? ''} columns={[
          { key: 'node', title: t.node, value: (row) => row.node ?? '' },
          { key: 'kind', title: t.kind, value: (row) => row.kind ?? '' },
          { key: 'there', title: t.there, value: (row) => row.there ?? 0, numeric: true },
          { key: 'reached', title: t.reached, value: (row) => row.reached ?? 0, numeric: true },
          { key: 'customers', title: t.customers, value: (row) => row.customers ?? 0, numeric: true },
          { key: 'converted', title: t.converted, value: (row) => row.converted ?? 0, numeric: true },
          { key: 'conversion', title: t.conversion, value: (row) => row.conversion ?? null, show: (row) => share(row.conversion, format.percent), numeric: true },
        ]} />
        <DataTable name="ended" caption={t.ended} rows={Object.entries(journey.ended ?? {})} id={([name]) => name} columns={[
          { key: 'outcome', title: t.outcome, value: ([name]) => name },
          { key: 'customers', title: t.customers, value: ([, count]) => count, numeric: true },
        ]} />
      </div>
    </>
  );
}

const noSteps: NonNullable<NonNullable<Live['journey']>['steps']> = [];

function Card({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return <div className="card"><div className="figure">{children}</div><div className="name">{name}</div></div>;
}
