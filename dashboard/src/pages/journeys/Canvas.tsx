import { Background, Controls, MarkerType, Position, ReactFlow, type Edge, type Node } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo } from 'react';
import { useTheme } from '../../app/theme';
import { placesOf, waysOf } from './graph';

/** The journey as a picture: each node with its figures. The table beside it says the same in words. */
export default function Canvas({ nodes, start, figures, label }: {
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly start: string;
  /** What stands below a node's name. */
  readonly figures: (node: string) => string;
  readonly label: string;
}) {
  const theme = useTheme();
  const links = useMemo(() => waysOf(nodes), [nodes]);
  const places = useMemo(() => placesOf(nodes, start, links), [nodes, start, links]);
  const drawn: Node[] = Object.keys(nodes).map((name) => {
    const { column, row } = places.get(name)!;
    return { id: name, position: { x: column * 280, y: row * 100 }, data: { label: `${name}\n${figures(name)}` }, sourcePosition: Position.Right, targetPosition: Position.Left, className: 'step' };
  });
  const edges: Edge[] = links.map(({ from, to, by }, index) => ({ id: `${index}`, source: from, target: to, label: by, markerEnd: { type: MarkerType.ArrowClosed } }));
  return (
    <div className="canvas" role="group" aria-label={label}>
      <ReactFlow nodes={drawn} edges={edges} colorMode={theme} fitView minZoom={0.1} nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} proOptions={{ hideAttribution: true }}>
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}
