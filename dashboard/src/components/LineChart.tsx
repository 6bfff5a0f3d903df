import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useId } from 'react';
import { useFormat } from '../i18n/format';

export interface Point {
  readonly time: number;
  readonly value: number;
  /** The interval around the value, where there is one. */
  readonly low?: number;
  readonly high?: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

const [width, height, left, right, top, bottom] = [640, 220, 48, 12, 10, 24];

/** Values over time. `summary` says in words what the picture shows; it takes the picture's place for who cannot see it. */
export function LineChart({ title, summary, series, range, show, clock = false }: {
  readonly title: string;
  readonly summary: string;
  readonly series: readonly Series[];
  /** The vertical range; the data's own when left out. */
  readonly range?: readonly [number, number];
  readonly show?: (value: number) => string;
  /** Whether the axis has times of day in place of days. */
  readonly clock?: boolean;
}) {
  const format = useFormat();
  const [heading, text] = [useId(), useId()];
  const label = show ?? format.number;
  const points = series.flatMap((each) => each.points);
  if (points.length === 0) return null;
  const values = points.flatMap((point) => [point.value, point.low ?? point.value, point.high ?? point.value]);
  const x = scaleUtc([Math.min(...points.map((point) => point.time)), Math.max(...points.map((point) => point.time))], [left, width - right]);
  const y = scaleLinear(range ?? [Math.min(...values), Math.max(...values)], [height - bottom, top]).nice(4);
  const path = line<Point>((point) => x(point.time), (point) => y(point.value));
  const band = area<Point>((point) => x(point.time), (point) => y(point.low ?? point.value), (point) => y(point.high ?? point.value));
  return (
    <figure className="chart">
      <figcaption id={heading}>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={heading} aria-describedby={text}>
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line className="grid" x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
            <text className="tick" x={left - 6} y={y(tick)} dy="0.32em" textAnchor="end">{label(tick)}</text>
          </g>
        ))}
        {x.ticks(5).map((tick) => <text key={tick.getTime()} className="tick" x={x(tick)} y={height - 8} textAnchor="middle">{clock ? format.clock(tick) : format.day(tick)}</text>)}
        {series.map((each, index) => (
          <g key={each.name} className={`series-${index % 6}`}>
            {each.points.some((point) => point.low !== undefined) && <path className="band" d={band(each.points) ?? ''} />}
            <path className="line" d={path(each.points) ?? ''} />
            {each.points.length < 60 && each.points.map((point) => <circle key={point.time} cx={x(point.time)} cy={y(point.value)} r={2.5}><title>{`${each.name}: ${label(point.value)}, ${format.time(point.time)}`}</title></circle>)}
          </g>
        ))}
      </svg>
      {series.length > 1 && <ul className="legend">{series.map((each, index) => <li key={each.name} className={`series-${index % 6}`}>{each.name}</li>)}</ul>}
      <p className="visually-hidden" id={text}>{summary}</p>
    </figure>
  );
}
