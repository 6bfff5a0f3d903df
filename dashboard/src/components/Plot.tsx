import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { useId, type ReactNode } from 'react';

export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** The interval around the height, where there is one. */
  readonly low?: number;
  readonly high?: number;
  /** The point in words. */
  readonly said: string;
}

export interface PlotSeries {
  readonly name: string;
  readonly points: readonly PlotPoint[];
}

export interface Axis {
  readonly title: string;
  readonly range: readonly [number, number];
  readonly show: (value: number) => string;
}

const [width, height, left, right, top, bottom] = [400, 280, 52, 14, 10, 42];

/** One quantity over another. `summary` says in words what the picture shows; `children` is the table behind it. */
export function Plot({ title, summary, series, x, y, reference, children }: {
  readonly title: string;
  readonly summary: string;
  readonly series: readonly PlotSeries[];
  readonly x: Axis;
  readonly y: Axis;
  /** A straight line to compare with: its ends. */
  readonly reference: readonly [readonly [number, number], readonly [number, number]];
  readonly children: ReactNode;
}) {
  const [heading, text] = [useId(), useId()];
  const across = scaleLinear(x.range, [left, width - right]);
  const up = scaleLinear(y.range, [height - bottom, top]);
  const path = line<PlotPoint>((point) => across(point.x), (point) => up(point.y));
  const [[fromX, fromY], [toX, toY]] = reference;
  return (
    <figure className="chart plot">
      <figcaption id={heading}>{title}</figcaption>
      <p className="hint" id={text}>{summary}</p>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={heading} aria-describedby={text}>
        {up.ticks(5).map((tick) => (
          <g key={tick}>
            <line className="grid" x1={left} x2={width - right} y1={up(tick)} y2={up(tick)} />
            <text className="tick" x={left - 6} y={up(tick)} dy="0.32em" textAnchor="end">{y.show(tick)}</text>
          </g>
        ))}
        {across.ticks(5).map((tick) => <text key={tick} className="tick" x={across(tick)} y={height - bottom + 15} textAnchor="middle">{x.show(tick)}</text>)}
        <text className="tick" x={(left + width - right) / 2} y={height - 6} textAnchor="middle">{x.title}</text>
        <text className="tick" x={-(top + height - bottom) / 2} y={12} transform="rotate(-90)" textAnchor="middle">{y.title}</text>
        <line className="reference" x1={across(fromX)} y1={up(fromY)} x2={across(toX)} y2={up(toY)} />
        {series.map((each, index) => (
          <g key={each.name} className={`series-${index % 6}`}>
            <path className="line" d={path(each.points) ?? ''} />
            {each.points.map((point, place) => (
              <g key={place}>
                {point.low !== undefined && point.high !== undefined && <line className="whisker" x1={across(point.x)} x2={across(point.x)} y1={up(point.low)} y2={up(point.high)} />}
                <circle cx={across(point.x)} cy={up(point.y)} r={2.5}><title>{`${each.name}: ${point.said}`}</title></circle>
              </g>
            ))}
          </g>
        ))}
      </svg>
      {series.length > 1 && <ul className="legend">{series.map((each, index) => <li key={each.name} className={`series-${index % 6}`}>{each.name}</li>)}</ul>}
      {children}
    </figure>
  );
}
