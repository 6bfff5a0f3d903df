import { useState } from 'react';
import type { Finding } from '../documents/api';
import type { Path } from '../documents/edit';
import { FieldEditor, NodeChoice } from './Fields';
import { journeyFields, kindOf, waysOf } from './kinds';
import type { Journey } from './text';
import { useWords } from './words';

const nameRule = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/;

/** Edits of the text, by path. */
export interface Edits {
  readonly set: (path: Path, value: unknown) => void;
  readonly remove: (path: Path) => void;
  readonly rename: (from: string, to: string) => void;
  readonly removeNode: (name: string) => void;
}

const valueAt = (value: unknown, path: readonly string[]): unknown => path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined), value);

/** The selected node in a form; the journey as a whole where none is selected. */
export function Panel({ journey, selected, edits, findings }: { readonly journey: Journey; readonly selected: string | null; readonly edits: Edits; readonly findings: readonly Finding[] }) {
  const t = useWords();
  const names = Object.keys(journey.nodes);
  const node = selected === null ? undefined : journey.nodes[selected];
  if (node === undefined || selected === null) {
    return (
      <section className="panel" aria-label={t.whole}>
        <h2>{t.whole}</h2>
        <label>{t.start}<NodeChoice label={t.start} value={typeof journey.start === 'string' ? journey.start : ''} nodes={names} change={(to) => edits.set(['start'], to)} /></label>
        {journeyFields.map((field) => <FieldEditor key={field.path.join('.')} field={field} value={valueAt(journey, field.path)} nodes={names} set={edits.set} remove={edits.remove} />)}
      </section>
    );
  }
  const kind = kindOf(node);
  const at = (path: Path): Path => ['nodes', selected, ...path];
  return (
    <section className="panel" aria-label={t.selected}>
      <h2>{selected} <span className="badge">{kind?.name ?? '?'}</span></h2>
      {findings.length > 0 && <ul aria-label={t.atNode} className="bad">{findings.map((each, index) => <li key={index}>{each.reason}</li>)}</ul>}
      <Name key={selected} name={selected} others={names} rename={edits.rename} />
      {kind === null && <p className="hint">{t.noKind}</p>}
      {kind?.fields.map((field) => (
        <FieldEditor key={field.path.join('.')} field={field} value={valueAt(node, field.path)} nodes={names} set={(path, value) => edits.set(at(path), value)} remove={(path) => edits.remove(at(path))} />
      ))}
      {waysOf(node).some((way) => way.path[0] !== 'arms' && way.path[0] !== 'outcomes') && (
        <fieldset>
          <legend>{t.ways}</legend>
          {waysOf(node).filter((way) => way.path[0] !== 'arms' && way.path[0] !== 'outcomes').map((way) => (
            <label key={way.path.join('.')}>{way.by}
              <NodeChoice label={t.way(way.by)} value={way.to} nodes={names} mayLack={kind?.mayLack?.includes(way.by) === true} change={(to) => (to === '' ? edits.remove(at(way.path)) : edits.set(at(way.path), to))} />
            </label>
          ))}
        </fieldset>
      )}
      <div className="row"><button type="button" onClick={() => edits.removeNode(selected)}>{t.remove}</button></div>
    </section>
  );
}

/** A new name is taken when it is a good one and the field is left. */
function Name({ name, others, rename }: { readonly name: string; readonly others: readonly string[]; readonly rename: (from: string, to: string) => void }) {
  const t = useWords();
  const [typed, setTyped] = useState(name);
  const fits = typed === name || (nameRule.test(typed) && !others.includes(typed));
  const take = () => {
    if (fits && typed !== name) rename(name, typed);
  };
  return <label>{t.name}<input value={typed} aria-invalid={!fits} onChange={(event) => setTyped(event.target.value)} onBlur={take} onKeyDown={(event) => {
    if (event.key === 'Enter') take();
  }} /></label>;
}
