import { useCallback, useDeferredValue, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { Failure } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { DataTable } from '../../components/DataTable';
import { Failed, Loading } from '../../components/States';
import { useDraft } from '../../components/useDraft';
import { useFormat } from '../../i18n/format';
import { askTagged, jsonBody, pathOf, type DocumentRecord, type Finding } from '../documents/api';
import { partsOf, placeOf, remove, set } from '../documents/edit';
import { Conflict } from '../documents/Conflict';
import { useCheck } from '../documents/useCheck';
import Canvas, { dragType, type Editing } from './Canvas';
import { DryRun, type DryRunResult } from './DryRun';
import { kinds, waysOf } from './kinds';
import { begin, type Begun, type Work } from './load';
import { Panel, type Edits } from './Panel';
import { read, removeNode, rename, type Journey } from './text';
import { useHistory } from './useHistory';
import { useWords } from './words';

/** The journey as picture, form and text. The text is the model: the others read it and edit it at a path. */
export default function Designer({ id, begun, changed }: { readonly id: string; readonly begun: Begun; readonly changed: () => void }) {
  const [t, format] = [useWords(), useFormat()];
  const [kept, keep, drop] = useDraft(`documents/journeys/${id}`);
  const work: Work = useMemo(() => (kept === null ? begun : (JSON.parse(kept) as Work)), [kept, begun]);
  const store = useCallback((text: string) => keep(JSON.stringify({ text, base: work.base } satisfies Work)), [keep, work.base]);
  const history = useHistory(work.text, store);
  const [selected, select] = useState<string | null>(null);
  const [layout, setLayout] = useState(0);
  const [why, setWhy] = useState('');
  const [state, setState] = useState<{ readonly failure?: unknown; readonly isSaved?: boolean; readonly isBusy?: boolean; readonly theirs?: Begun }>({});
  const [run, setRun] = useState<DryRunResult | null>(null);
  const check = useCheck('journeys', id, work.text);
  const field = useId();
  const area = useRef<HTMLTextAreaElement>(null);

  // Half a text shows what the last whole one had.
  const [shown, setShown] = useState<{ readonly text: string; readonly journey: Journey | null; readonly fault: string | null }>({ text: '', journey: null, fault: null });
  if (shown.text !== work.text) {
    const found = read(work.text);
    setShown({ text: work.text, journey: found.journey ?? shown.journey, fault: found.fault });
  }
  // Typing comes first: the form has at once what is typed in it, the picture follows when there is time.
  const journey = useDeferredValue(shown.journey);
  const { change } = history;
  const now = work.text;

  const edits: Edits = useMemo(() => ({
    set: (path, value) => change(set(now, path, value), path.join('.')),
    remove: (path) => change(remove(now, path), ''),
    rename: (from, to) => {
      change(rename(now, from, to), '');
      select(to);
    },
    removeNode: (name) => {
      change(removeNode(now, name), '');
      select(null);
    },
  }), [now, change]);

  /** A new node behind the selected one, on its first way; or unconnected, where it was dropped. */
  const add = useCallback((kind: string, behind: string | null): string | null => {
    const made = kinds.find((each) => each.name === kind);
    const { journey: current } = read(now);
    if (made === undefined || current === null) return null;
    let number = 1;
    while (`${kind}-${number}` in current.nodes) number++;
    const name = `${kind}-${number}`;
    const way = behind === null || current.nodes[behind] === undefined ? undefined : waysOf(current.nodes[behind])[0];
    const end = way !== undefined && way.to !== '' ? way.to : Object.keys(current.nodes).find((each) => 'end' in current.nodes[each]!) ?? name;
    const added = set(now, ['nodes', name], made.fresh(end));
    change(way === undefined ? added : set(added, ['nodes', behind!, ...way.path], name), '');
    select(name);
    return name;
  }, [now, change]);

  const findings = check.findings ?? noFindings;
  const byNode = useMemo(() => {
    const found = new Map<string, Finding[]>();
    for (const finding of findings) {
      const [first, name] = partsOf(finding.path);
      if (first === 'nodes' && typeof name === 'string') found.set(name, [...(found.get(name) ?? []), finding]);
    }
    return found;
  }, [findings]);

  const editing: Editing = useMemo(() => ({
    selected, select, layout, remove: edits.removeNode,
    connect: (from, number, to) => {
      const way = waysOf(read(now).journey?.nodes[from] ?? {})[number];
      if (way !== undefined) edits.set(['nodes', from, ...way.path], to);
    },
    drop: (kind) => add(kind, null),
    faults: new Map([...byNode].map(([name, found]) => [name, t.errors(found.length)])),
    changes: new Map([...(run?.structure?.added ?? []).map((name) => [name, 'added'] as const), ...(run?.structure?.changed ?? []).map((name) => [name, 'changed'] as const)]),
  }), [selected, layout, edits, now, add, byNode, run, t]);

  const figures = useCallback((name: string) => {
    const draft = run?.draft.nodes.find((each) => each.node === name);
    if (draft === undefined) return '';
    const then = run?.inForce?.nodes.find((each) => each.node === name);
    const sent = Object.values(draft.messages).reduce((sum, each) => sum + each, 0);
    return [
      then === undefined ? t.figureNew(format.whole(draft.entries)) : t.figure(format.whole(draft.entries), format.whole(then.entries)),
      draft.customers > 0 ? t.figureConverted(format.percent(draft.converted / draft.customers)) : '', sent > 0 ? t.figureSent(format.whole(sent)) : '',
    ].filter((each) => each !== '').join('\n');
  }, [run, t, format]);

  const save = (base: string | null) => {
    setState({ isBusy: true });
    askTagged<DocumentRecord>(`${pathOf('journeys', id)}${why.trim() === '' ? '' : `?why=${encodeURIComponent(why.trim())}`}`, jsonBody('PUT', work.text, base === null ? null : `"${base}"`)).then(() => {
      drop();
      history.forget();
      setState({ isSaved: true });
      changed();
    }, async (failure: unknown) => {
      // Somebody was faster: both texts are shown, and the person decides.
      if (failure instanceof Failure && [409, 412, 428].includes(failure.status)) {
        const theirs = await begin(id).catch(() => null);
        if (theirs !== null && theirs.base !== null && theirs.base !== base) return setState({ theirs });
      }
      setState({ failure });
    });
  };
  const show = (finding: Finding) => {
    const path = partsOf(finding.path);
    if (path[0] === 'nodes' && typeof path[1] === 'string') select(path[1]);
    for (let length = path.length; length > 0; length--) {
      const place = placeOf(work.text, path.slice(0, length));
      if (place === null || area.current === null) continue;
      area.current.focus();
      area.current.setSelectionRange(...place);
      return;
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (!event.ctrlKey && !event.metaKey) return;
    const back = event.key === 'z' && !event.shiftKey;
    if (!back && event.key !== 'y' && !(event.key.toLowerCase() === 'z' && event.shiftKey)) return;
    event.preventDefault();
    if (back) history.undo();
    else history.redo();
  };
  return (
    <div onKeyDown={keys}>
      <p className="hint">{t.version(/"version"\s*:\s*(\d+)/.exec(work.text)?.[1] ?? '?')} {kept !== null && t.kept}</p>
      {state.theirs !== undefined && (
        <Conflict mine={work.text} theirs={state.theirs.text} take={() => {
          drop();
          history.forget();
          setState({});
          changed();
        }} insist={() => save(state.theirs!.base)} />
      )}
      <div className="row">
        <button type="button" disabled={!history.mayUndo} onClick={history.undo}>{t.undo}</button>
        <button type="button" disabled={!history.mayRedo} onClick={history.redo}>{t.redo}</button>
        <button type="button" onClick={() => setLayout(layout + 1)}>{t.layout}</button>
        <span className="grow" />
        <label>{t.why} <input value={why} maxLength={1000} onChange={(event) => setWhy(event.target.value)} /></label>
        <ActionButton operation="PutDocument" primary disabled={state.isBusy === true || shown.fault !== null || (kept === null && begun.record !== null)} onClick={() => save(work.base)}>{t.save}</ActionButton>
        {kept !== null && <button type="button" onClick={() => {
          drop();
          history.forget();
        }}>{t.discard}</button>}
      </div>
      {state.isSaved === true && kept === null && <p role="status" className="done">{t.saved}</p>}
      {state.failure !== undefined && <Failed failure={state.failure} />}
      <p className="hint">{t.paletteHint}</p>
      <div className="palette" role="group" aria-label={t.palette}>
        {kinds.map((kind) => (
          <button key={kind.name} type="button" draggable aria-label={t.add(kind.name)} disabled={shown.fault !== null}
            onDragStart={(event) => event.dataTransfer.setData(dragType, kind.name)} onClick={() => add(kind.name, selected)}>{kind.name}</button>
        ))}
      </div>
      {shown.fault !== null && <p className="warn" role="status">{t.notJson(shown.fault)}</p>}
      {journey !== null && (
        <div className="designer">
          <Canvas nodes={journey.nodes} start={journey.start} startWord={t.isStart} label={t.canvas(id)} figures={figures} editing={editing} />
          <Panel journey={shown.journey ?? journey} selected={selected} edits={edits} findings={selected === null ? noFindings : byNode.get(selected) ?? noFindings} />
        </div>
      )}
      <div className="split">
        <div>
          <label htmlFor={field}>{t.textSide}</label>
          <textarea id={field} ref={area} className="code" rows={22} spellCheck={false} value={work.text} aria-invalid={shown.fault !== null} onChange={(event) => change(event.target.value, 'text')} />
        </div>
        <div>
          {check.wrong !== null ? null : check.failure !== null ? <Failed failure={check.failure} /> : check.findings === null ? <Loading /> : (
            <>
              <p role="status" className={findings.some((each) => !each.isWarning) ? 'bad' : 'good'}>{findings.some((each) => !each.isWarning) ? t.findings : t.valid}</p>
              {findings.length > 0 && (
                <DataTable name="findings" caption={t.findings} rows={findings} id={(_, index) => `${index}`} columns={[
                  { key: 'path', title: t.place, value: (row) => row.path, show: (row) => <button type="button" className="link" onClick={() => show(row)}><code>{row.path}</code></button> },
                  { key: 'reason', title: t.reason, value: (row) => row.reason, show: (row) => <span title={row.reason} className={row.isWarning ? 'warn' : 'bad'}>{row.reason}</span> },
                ]} />
              )}
            </>
          )}
        </div>
      </div>
      <DryRun id={id} text={work.text} disabled={shown.fault !== null} result={run} show={setRun} />
    </div>
  );
}

const noFindings: readonly Finding[] = [];
