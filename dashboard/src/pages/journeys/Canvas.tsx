import { Background, Controls, Handle, MarkerType, Position, ReactFlow, ReactFlowProvider, useReactFlow, applyNodeChanges, type Connection, type Edge, type Node, type NodeChange, type NodeProps } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import './journeys.css';
import { memo, useEffect, useMemo, useState, type DragEvent } from 'react';
import { useTheme } from '../../app/theme';
import { heightOf, linksOf, placesOf, width, type Place } from './graph';
import { kindOf, waysOf, type JourneyNode } from './kinds';

/** What the picture of a node shows. */
interface Shown extends Record<string, unknown> {
  readonly name: string;
  readonly kind: string;
  readonly ways: readonly string[];
  readonly figures: string;
  /** Start of the journey, in the language of the page; empty for others. */
  readonly badge: string;
  readonly fault: string;
  readonly change: string;
  readonly editable: boolean;
}

type Drawn = Node<Shown, 'step'>;

/** A node with a handle for each of its ways. Drawn again only when what it shows has changed: a journey has hundreds. */
const Step = memo(function Step({ data, selected }: NodeProps<Drawn>) {
  return (
    <div className={`step${selected ? ' selected' : ''}${data.fault !== '' ? ' faulty' : ''}${data.change !== '' ? ` ${data.change}` : ''}`}>
      <Handle type="target" position={Position.Left} isConnectable={data.editable} />
      <div className="step-name">{data.name}{data.badge !== '' && <span className="badge good">{data.badge}</span>}</div>
      <div className="step-kind">{data.kind}{data.fault !== '' && <span className="badge bad">{data.fault}</span>}</div>
      {data.figures !== '' && <div className="step-figures">{data.figures}</div>}
      {data.ways.map((way, index) => (
        <div key={`${way} ${index}`} className="step-way">{way}<Handle type="source" id={`${index}`} position={Position.Right} isConnectable={data.editable} /></div>
      ))}
    </div>
  );
}, (before, after) => before.selected === after.selected && before.dragging === after.dragging && JSON.stringify(before.data) === JSON.stringify(after.data));

const types = { step: Step };

/** What the canvas tells of; without it the picture is only looked at. */
export interface Editing {
  readonly selected: string | null;
  readonly select: (node: string | null) => void;
  /** A way, by its number among those of its node, leads to another node. */
  readonly connect: (from: string, way: number, to: string) => void;
  readonly remove: (node: string) => void;
  readonly drop: (kind: string, at: Place) => string | null;
  readonly faults: ReadonlyMap<string, string>;
  readonly changes: ReadonlyMap<string, string>;
  /** A number that changes when all places are to be forgotten. */
  readonly layout: number;
}

/** What is dragged from the palette. */
export const dragType = 'application/x-clm-kind';

interface Properties {
  readonly nodes: Readonly<Record<string, JourneyNode>>;
  readonly start: unknown;
  /** What stands below a node's name; it may have several lines. */
  readonly figures: (node: string) => string;
  readonly label: string;
  readonly startWord: string;
  readonly editing?: Editing;
}

/** The journey as a picture. The table, or the panel and the text beside it, say the same in words. */
export default function Canvas(properties: Properties) {
  return <ReactFlowProvider><Picture {...properties} /></ReactFlowProvider>;
}

function Picture({ nodes, start, figures, label, startWord, editing }: Properties) {
  const theme = useTheme();
  const flow = useReactFlow();
  const links = useMemo(() => linksOf(nodes), [nodes]);
  const places = useMemo(() => placesOf(nodes, start, links), [nodes, start, links]);
  const layout = editing?.layout ?? 0;
  const [moved, setMoved] = useState<{ readonly layout: number; readonly places: ReadonlyMap<string, Place> }>({ layout, places: new Map() });
  const [drawn, setDrawn] = useState<Drawn[]>([]);
  const own = moved.layout === layout ? moved.places : null;

  useEffect(() => {
    setDrawn((before) => {
      const known = new Map(before.map((each) => [each.id, each]));
      return Object.entries(nodes).map(([name, node]): Drawn => ({
        ...known.get(name), id: name, type: 'step', position: own?.get(name) ?? places.get(name)!, width, height: heightOf(node), selected: editing?.selected === name,
        data: {
          name, kind: kindOf(node)?.name ?? '?', ways: waysOf(node).map((way) => way.by), figures: figures(name), badge: start === name ? startWord : '',
          fault: editing?.faults.get(name) ?? '', change: editing?.changes.get(name) ?? '', editable: editing !== undefined,
        },
      }));
    });
  }, [nodes, places, own, figures, start, startWord, editing]);

  const edges = useMemo(() => Object.entries(nodes).flatMap(([from, node]) => waysOf(node).flatMap((way, index): Edge[] => (way.to in nodes ? [{
    id: `${from} ${way.by}`, source: from, sourceHandle: `${index}`, target: way.to, markerEnd: { type: MarkerType.ArrowClosed }, focusable: false,
  }] : []))), [nodes]);

  const change = (changes: NodeChange<Drawn>[]) => {
    setDrawn((before) => applyNodeChanges(changes, before));
    const stopped = changes.flatMap((each) => (each.type === 'position' && each.position !== undefined && each.dragging !== true ? [[each.id, each.position] as const] : []));
    if (stopped.length > 0) setMoved({ layout, places: new Map([...(own ?? []), ...stopped]) });
    // What somebody chooses becomes the selection; losing it by a redraw does not.
    const chosen = changes.find((each) => each.type === 'select' && each.selected);
    if (chosen?.type === 'select') editing?.select(chosen.id);
  };
  const drop = (event: DragEvent) => {
    const kind = event.dataTransfer.getData(dragType);
    if (kind === '' || editing === undefined) return;
    event.preventDefault();
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const name = editing.drop(kind, at);
    if (name !== null) setMoved({ layout, places: new Map([...(own ?? []), [name, at]]) });
  };
  const connect = (made: Connection) => editing?.connect(made.source, Number(made.sourceHandle), made.target);
  return (
    <div className={editing === undefined ? 'canvas' : 'canvas tall'} role="group" aria-label={label} onDrop={drop}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(dragType)) event.preventDefault();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Delete' && editing?.selected != null) editing.remove(editing.selected);
      }}>
      <ReactFlow nodes={drawn} edges={edges} nodeTypes={types} colorMode={theme} fitView minZoom={0.05} deleteKeyCode={null} onNodesChange={change} onConnect={connect} onPaneClick={() => editing?.select(null)}
        nodesDraggable={editing !== undefined} nodesConnectable={editing !== undefined} nodesFocusable={editing !== undefined} edgesFocusable={false} elementsSelectable={editing !== undefined} proOptions={{ hideAttribution: true }}>
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}
