import { scaleUtc } from 'd3-scale';
import { useId } from 'react';
import { DataTable } from '../../components/DataTable';
import { useFormat } from '../../i18n/format';
import { spansOf, type Ledger } from './curves';
import { useText } from './text';

const [width, left, row, axis] = [640, 90, 24, 20];

/** Which version was live when, and which scored along as challengers: a line for each version, and the entries behind them. */
export function Course({ ledger }: { readonly ledger: Ledger }) {
  const [t, format] = [useText(), useFormat()];
  const entries = ledger.entries ?? [];
  return (
    <>
      {entries.length > 0 && <Picture ledger={ledger} entries={entries} />}
      <DataTable name="history" caption={t.history} rows={entries} id={(_, index) => `${index}`} empty={t.noHistory} height={18} columns={[
        { key: 'at', title: t.at, value: (entry) => entry.at, show: (entry) => format.time(entry.at) },
        { key: 'action', title: t.action, value: (entry) => t[entry.action] },
        { key: 'version', title: t.version, value: (entry) => entry.version, numeric: true },
        { key: 'by', title: t.by, value: (entry) => entry.by ?? '' },
        { key: 'reason', title: t.reason, value: (entry) => entry.reason ?? '' },
        { key: 'gates', title: t.gates, value: (entry) => (entry.gates ?? []).filter(({ passed }) => !passed).map(({ name }) => name).join(', ') },
      ]} />
    </>
  );
}

function Picture({ ledger, entries }: { readonly ledger: Ledger; readonly entries: NonNullable<Ledger['entries']> }) {
  const [t, format] = [useText(), useFormat()];
  const [heading, text] = [useId(), useId()];
  const spans = spansOf(entries, ledger.shipped ?? null);
  const versions = [...new Set(spans.map(({ version }) => version))].sort((one, other) => other - one);
  const times = entries.map(({ at }) => Date.parse(at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  // What went on before the first entry and goes on after the last has room at both ends.
  const room = Math.max((last - first) * 0.15, 60_000);
  const x = scaleUtc([first - room, last + room], [left, width - 8]);
  const [begin, end] = x.range() as [number, number];
  const said = (live: boolean, version: number, from: number | null, until: number | null) => {
    const what = live ? t.wasLive(version) : t.scoredAlong(version);
    return `${what} ${from === null ? t.fromTheStart : format.time(from)} – ${until === null ? t.now : format.time(until)}`;
  };
  return (
    <figure className="chart course">
      <figcaption id={heading}>{t.course}</figcaption>
      <p className="visually-hidden" id={text}>{spans.map((span) => said(span.live, span.version, span.from, span.until)).join('; ')}</p>
      <svg viewBox={`0 0 ${width} ${versions.length * row + axis}`} role="img" aria-labelledby={heading} aria-describedby={text}>
        {versions.map((version, place) => <text key={version} className="tick" x={left - 8} y={place * row + row / 2} dy="0.32em" textAnchor="end">{t.versionOf(version)}</text>)}
        {spans.map((span) => {
          const [from, until] = [span.from === null ? begin : x(span.from), span.until === null ? end : x(span.until)];
          return (
            <rect key={`${span.version} ${span.live} ${span.from ?? ''}`} className={span.live ? 'live' : 'along'} x={from} width={Math.max(until - from, 1.5)} y={versions.indexOf(span.version) * row + 5} height={row - 10}>
              <title>{said(span.live, span.version, span.from, span.until)}</title>
            </rect>
          );
        })}
        {x.ticks(4).map((tick) => <text key={tick.getTime()} className="tick" x={x(tick)} y={versions.length * row + 14} textAnchor="middle">{last - first > 2 * 86_400_000 ? format.day(tick) : format.clock(tick)}</text>)}
      </svg>
      <ul className="legend"><li className="series-0">{t.live}</li><li className="series-1">{t.along}</li></ul>
    </figure>
  );
}
