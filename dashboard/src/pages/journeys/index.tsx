import { lazy, Suspense, useCallback, type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { api, ask, dataOf } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { Loading } from '../../components/States';
import { useLive } from '../../components/useLive';
import { catalogue } from '../../i18n/catalogue';
import { useFormat } from '../../i18n/format';

const useText = catalogue(
  {
    title: 'Journeys', journey: 'Journey', version: 'Version', name: 'Title', stage: 'Stage', entered: 'Entered', running: 'There now', goals: 'Goals', conversion: 'Conversion', none: 'No journey is in force. Write one under Documents, journeys; the shipped ones are in shared/Journeys/Catalogue.',
    back: 'All journeys', edit: 'The document: edit, compare, approve', nodes: 'Nodes', node: 'Node', kind: 'Kind', there: 'There now', reached: 'Reached', customers: 'Customers', converted: 'Converted', picture: (id: string) => `Picture of the journey ${id}; the table below has its figures`,
    figures: (there: string, reached: string, share: string) => `${there} now · ${reached} reached · ${share}`, ended: 'How it ended', outcome: 'Outcome', value: 'Value',
  },
  {
    title: 'Journeys', journey: 'Journey', version: 'Version', name: 'Titel', stage: 'Phase', entered: 'Eingetreten', running: 'Jetzt dort', goals: 'Ziele', conversion: 'Konversion', none: 'Keine Journey ist in Kraft. Schreiben Sie eine unter Dokumente, journeys; die mitgelieferten stehen in shared/Journeys/Catalogue.',
    back: 'Alle Journeys', edit: 'Das Dokument: bearbeiten, vergleichen, freigeben', nodes: 'Knoten', node: 'Knoten', kind: 'Art', there: 'Jetzt dort', reached: 'Erreicht', customers: 'Kunden', converted: 'Konvertiert', picture: (id) => `Bild der Journey ${id}; die Tabelle darunter hat ihre Zahlen`,
    figures: (there, reached, share) => `${there} jetzt · ${reached} erreicht · ${share}`, ended: 'Wie sie endete', outcome: 'Ausgang', value: 'Wert',
  },
);

const Canvas = lazy(() => import('./Canvas'));

export default function JourneysPage() {
  const { journey } = useParams();
  return journey === undefined ? <All /> : <One key={journey} id={journey} />;
}

const loadAll = (signal: AbortSignal) => dataOf(api.GET('/journeys', { signal }));

function All() {
  const [t, format] = [useText(), useFormat()];
  const live = useLive(loadAll);
  return (
    <>
      <h1>{t.title}</h1>
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

async function load(id: string, signal: AbortSignal) {
  const journey = await dataOf(api.GET('/journeys/{id}', { params: { path: { id } }, signal }));
  const document = await ask<{ readonly start: string; readonly nodes: Readonly<Record<string, unknown>> }>(`/api/documents/journeys/${encodeURIComponent(id)}?version=${journey.version}`, { signal });
  return { journey, document };
}

function One({ id }: { readonly id: string }) {
  const [t, format] = [useText(), useFormat()];
  const live = useLive(useCallback((signal: AbortSignal) => load(id, signal), [id]));
  return (
    <>
      <p className="hint"><Link to="/journeys">{t.back}</Link> · <Link to={`/documents/journeys/${id}`}>{t.edit}</Link></p>
      <h1>{id}</h1>
      <LiveView live={live}>
        {({ journey, document }) => {
          const steps = journey.steps ?? [];
          const of = (name: string) => steps.find((step) => step.node === name);
          return (
            <>
              <div className="cards">
                <Card name={t.entered}>{format.whole(journey.entered ?? 0)}</Card>
                <Card name={t.running}>{format.whole(journey.running ?? 0)}</Card>
                <Card name={t.goals}>{format.whole(journey.goals ?? 0)}</Card>
                <Card name={t.conversion}>{share(journey.conversion, format.percent)}</Card>
                <Card name={t.value}>{format.number(journey.value ?? 0)}</Card>
              </div>
              <Suspense fallback={<Loading />}>
                <Canvas nodes={document.nodes} start={document.start} label={t.picture(id)}
                  figures={(name) => t.figures(format.whole(of(name)?.there ?? 0), format.whole(of(name)?.reached ?? 0), share(of(name)?.conversion, format.percent))} />
              </Suspense>
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
        }}
      </LiveView>
    </>
  );
}

function Card({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return <div className="card"><div className="figure">{children}</div><div className="name">{name}</div></div>;
}
