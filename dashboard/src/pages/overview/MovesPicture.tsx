import { link, curveBumpX } from 'd3-shape';
import { useId } from 'react';
import { Link } from 'react-router';
import { useFormat } from '../../i18n/format';
import { stages, useStageNames, type Stage } from '../../i18n/stages';
import { layOut, type Move } from './flow';
import { useText } from './text';

const [width, label, node] = [640, 170, 8];
const ribbon = link<{ source: [number, number]; target: [number, number] }, [number, number]>(curveBumpX);

/** The flow between lifecycle stages: a ribbon for each move, as wide as it has customers. The table of moves stands behind it. */
export function MovesPicture({ moves }: { readonly moves: readonly Move[] }) {
  const [t, format, names] = [useText(), useFormat(), useStageNames()];
  const [heading, text] = [useId(), useId()];
  if (moves.length === 0) return null;
  const { left, right, ribbons, height } = layOut(moves, stages);
  const name = (stage: Stage | null) => (stage === null ? t.new : names[stage]);
  const most = moves.reduce((best, move) => (move.customers > best.customers ? move : best));
  const side = (stage: Stage | null, said: string, y: number, tall: number, x: number, anchor: 'start' | 'end') => {
    const body = (
      <>
        <rect x={x} y={y} width={node} height={Math.max(tall, 1)} className="end" />
        <text x={anchor === 'end' ? x - 6 : x + node + 6} y={y + Math.max(tall, 12) / 2} dy="0.32em" textAnchor={anchor}>{said}</text>
      </>
    );
    return stage === null ? <g key="new">{body}</g> : <Link key={stage} to={`/customers?stage=${stage}`} aria-label={t.openStage(said)}>{body}</Link>;
  };
  return (
    <figure className="chart flow">
      <figcaption id={heading}>{t.picture}</figcaption>
      <p className="hint" id={text}>{t.pictureSummary(name(most.from), name(most.to), format.whole(most.customers))}</p>
      <svg viewBox={`0 -2 ${width} ${height + 4}`} role="group" aria-labelledby={heading} aria-describedby={text}>
        {ribbons.map(({ move, start, end, width: wide }) => {
          const said = t.move(name(move.from), name(move.to), format.whole(move.customers));
          return (
            <Link key={`${move.from ?? ''}>${move.to}`} to={`/customers?stage=${move.to}`} aria-label={said} className={`series-${(move.from === null ? 0 : stages.indexOf(move.from)) % 6}`}>
              <path className="ribbon" d={ribbon({ source: [label + node, start], target: [width - label - node, end] }) ?? ''} strokeWidth={Math.max(wide, 1.5)}><title>{said}</title></path>
            </Link>
          );
        })}
        {left.map(({ stage, customers, y, height: tall }) => side(stage, `${name(stage)} ${format.whole(customers)}`, y, tall, label, 'end'))}
        {right.map(({ stage, customers, y, height: tall }) => side(stage, `${name(stage)} ${format.whole(customers)}`, y, tall, width - label - node, 'start'))}
      </svg>
    </figure>
  );
}
