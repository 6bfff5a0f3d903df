import { useState } from 'react';
import { ExpressionEditor } from '../../components/expression/ExpressionEditor';
import type { Use } from '../../components/expression/useExpression';
import type { Field, JourneyNode } from './kinds';
import { useWords } from './words';

type Value = unknown;
type SetAt = (path: readonly (string | number)[], value: Value) => void;
type RemoveAt = (path: readonly (string | number)[]) => void;

interface Properties {
  readonly field: Field;
  readonly value: Value;
  readonly set: SetAt;
  readonly remove: RemoveAt;
  /** Names of the journey's nodes. */
  readonly nodes: readonly string[];
}

const labelOf = (field: Field) => field.path.join('.');
const asText = (value: Value): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));
const asObject = (value: Value): JourneyNode => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JourneyNode) : {});
const listOf = (value: Value): string => (Array.isArray(value) ? value.join(', ') : asText(value));
/** One name is a text, several are a list; what was a list stays one. */
const namesOf = (text: string, before: Value): Value => {
  const names = text.split(',').map((each) => each.trim()).filter((each) => each !== '');
  return names.length === 1 && !Array.isArray(before) ? names[0]! : names;
};

/** A member of a node, edited as what it is. */
export function FieldEditor(properties: Properties) {
  const { field, value } = properties;
  switch (field.type) {
    case 'wait': return <Wait {...properties} />;
    case 'awaited': return <Await {...properties} />;
    case 'facts': return <Pairs {...properties} value={asObject(value)} />;
    case 'arms': return <Pairs {...properties} value={asObject(value)} toNodes />;
    case 'branch': return <Branch {...properties} />;
    default: return <Plain {...properties} />;
  }
}

function Plain({ field, value, set, remove }: Properties) {
  const t = useWords();
  const name = labelOf(field);
  const change = (next: Value) => (field.optional && (next === '' || (Array.isArray(next) && next.length === 0)) ? remove(field.path) : set(field.path, next));
  const label = field.optional ? t.optional(name) : name;
  if (field.type === 'any' || field.type === 'condition' || field.type === 'amount') return <Expression label={label} use={field.type} value={value} change={change} />;
  return (
    <label>{label}
      {field.type === 'choice' ? (
        <select value={asText(value)} onChange={(event) => change(event.target.value)}>
          {(field.optional || !field.options!.includes(asText(value))) && <option value="" />}
          {field.options!.map((each) => <option key={each}>{each}</option>)}
        </select>
      ) : field.type === 'number' ? <input type="number" value={asText(value)} onChange={(event) => change(Number.isNaN(event.target.valueAsNumber) ? '' : event.target.valueAsNumber)} />
        : field.type === 'names' ? <Names value={value} hint={field.hint} change={change} />
        : field.type === 'long' ? <textarea rows={2} spellCheck={false} value={asText(value)} onChange={(event) => change(event.target.value)} />
        : <input value={asText(value)} placeholder={field.hint} onChange={(event) => change(event.target.value)} />}
    </label>
  );
}

function Expression({ label, use, value, change }: { readonly label: string; readonly use: Use; readonly value: Value; readonly change: (value: string) => void }) {
  return <ExpressionEditor label={label} place="journey" use={use} value={asText(value)} change={change} customerId="" />;
}

/** A list with commas; it is taken when it is left, so that a comma can be typed. */
function Names({ value, hint, change }: { readonly value: Value; readonly hint: string | undefined; readonly change: (value: Value) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const take = () => {
    if (typed !== null && typed !== listOf(value)) change(namesOf(typed, value));
    setTyped(null);
  };
  return <input value={typed ?? listOf(value)} placeholder={hint} onChange={(event) => setTyped(event.target.value)} onBlur={take} onKeyDown={(event) => {
    if (event.key === 'Enter') take();
  }} />;
}

/** Names with what stands for each: an expression, or the node it leads to. */
function Pairs({ field, value, set, remove, nodes, toNodes = false }: Omit<Properties, 'value'> & { readonly value: JourneyNode; readonly toNodes?: boolean }) {
  const t = useWords();
  const [name, setName] = useState('');
  const path = field.path;
  return (
    <fieldset>
      <legend>{labelOf(field)}</legend>
      {Object.entries(value).map(([key, each]) => (
        <div className="pairs" key={key}>
          <span>{key}</span>
          {toNodes ? <NodeChoice label={t.way(key)} value={asText(each)} nodes={nodes} change={(to) => set([...path, key], to)} />
            : <input aria-label={`${t.expression} ${key}`} value={asText(each)} onChange={(event) => set([...path, key], event.target.value)} />}
          <button type="button" aria-label={t.removeRow(key)} onClick={() => (field.optional && Object.keys(value).length === 1 ? remove(path) : remove([...path, key]))}>×</button>
        </div>
      ))}
      <div className="pairs">
        <input aria-label={`${t.key}, ${labelOf(field)}`} value={name} onChange={(event) => setName(event.target.value)} />
        <button type="button" disabled={name.trim() === '' || name in value} onClick={() => {
          set([...path, name.trim()], toNodes ? nodes[0] ?? '' : 'now');
          setName('');
        }}>{t.addRow}</button>
      </div>
    </fieldset>
  );
}

function Branch({ field, value, set, remove }: Properties) {
  const t = useWords();
  const ways = Array.isArray(value) ? (value as Value[]) : [];
  return (
    <fieldset>
      <legend>{labelOf(field)}</legend>
      {ways.map((way, place) => (
        <div key={place}>
          <Expression label={t.condition(`${place + 1}`)} use="condition" value={asObject(way)['when']} change={(when) => set(['branch', place, 'when'], when)} />
          {ways.length > 1 && <button type="button" onClick={() => remove(['branch', place])}>{t.removeRow(t.condition(`${place + 1}`))}</button>}
        </div>
      ))}
      <button type="button" onClick={() => set(['branch', ways.length], { when: 'flags.vulnerable', next: asText(asObject(ways.at(-1))['next']) })}>{t.addRow}</button>
    </fieldset>
  );
}

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function Wait({ value, set, remove }: Properties) {
  const t = useWords();
  const rule = asObject(value);
  const how = typeof value === 'string' ? 'for' : 'time' in rule ? 'time' : 'date' in rule ? 'date' : 'at';
  const fresh: Record<string, Value> = { for: 'P3D', time: { time: '09:00' }, date: { date: 'profile.birthDate' }, at: { at: '' } };
  const plain = (path: string, label: string, mayLack = false) => (
    <label>{label}<input value={asText(rule[path])} onChange={(event) => (mayLack && event.target.value === '' ? remove(['wait', path]) : set(['wait', path], event.target.value))} /></label>
  );
  return (
    <fieldset>
      <legend>wait</legend>
      <label>{t.waitHow}
        <select value={how} onChange={(event) => set(['wait'], fresh[event.target.value])}>
          <option value="for">{t.waitFor}</option><option value="time">{t.waitTime}</option><option value="date">{t.waitDate}</option><option value="at">{t.waitAt}</option>
        </select>
      </label>
      {how === 'for' && <label>{t.length}<input value={asText(value)} onChange={(event) => set(['wait'], event.target.value)} /></label>}
      {how === 'time' && <>{plain('time', t.time)}<label>{t.days}<select multiple size={7} value={Array.isArray(rule['days']) ? (rule['days'] as string[]) : []} onChange={(event) => {
        const chosen = [...event.target.selectedOptions].map((each) => each.value);
        if (chosen.length === 0) remove(['wait', 'days']);
        else set(['wait', 'days'], chosen);
      }}>{days.map((each) => <option key={each}>{each}</option>)}</select></label></>}
      {how === 'date' && <>{plain('date', t.date)}{plain('offset', t.offset, true)}</>}
      {how === 'at' && plain('at', t.at)}
    </fieldset>
  );
}

const outcomes = ['delivered', 'bounced', 'impression', 'click', 'reply', 'conversation', 'unanswered', 'accept', 'reject', 'convert', 'payment', 'complaint', 'opt_out'];

function Await({ value, set, remove, nodes }: Properties) {
  const t = useWords();
  const awaited = asObject(value);
  const isOutcome = 'outcome' in awaited;
  const change = (path: string, next: Value) => (next === '' || (Array.isArray(next) && next.length === 0) ? remove(['waitFor', path]) : set(['waitFor', path], next));
  return (
    <fieldset>
      <legend>waitFor</legend>
      <label>{t.awaitHow}
        <select value={isOutcome ? 'outcome' : 'signal'} onChange={(event) => set(['waitFor'], event.target.value === 'outcome' ? { outcome: 'click' } : { signal: 'signal-name' })}>
          <option value="signal">{t.awaitSignal}</option><option value="outcome">{t.awaitOutcome}</option>
        </select>
      </label>
      {isOutcome ? (
        <>
          <label>{t.outcome}<select value={asText(awaited['outcome'])} onChange={(event) => set(['waitFor', 'outcome'], event.target.value)}>{outcomes.map((each) => <option key={each}>{each}</option>)}</select></label>
          <label>{t.of}<select value={asText(awaited['of'])} onChange={(event) => change('of', event.target.value)}><option value="">{t.anyContact}</option>{nodes.map((each) => <option key={each}>{each}</option>)}</select></label>
        </>
      ) : (
        <>
          <label>{t.signal}<Names value={awaited['signal']} hint={undefined} change={(next) => set(['waitFor', 'signal'], next)} /></label>
          <label>{t.optional(t.match)}<Names value={awaited['match'] ?? []} hint={undefined} change={(next) => change('match', next)} /></label>
        </>
      )}
      <Expression label={t.optional(t.when)} use="condition" value={awaited['when']} change={(when) => change('when', when)} />
    </fieldset>
  );
}

/** Where a way leads, chosen without a mouse. */
export function NodeChoice({ label, value, nodes, change, mayLack = false }: { readonly label: string; readonly value: string; readonly nodes: readonly string[]; readonly change: (to: string) => void; readonly mayLack?: boolean }) {
  const t = useWords();
  return (
    <select aria-label={label} value={nodes.includes(value) ? value : ''} onChange={(event) => change(event.target.value)}>
      {(mayLack || !nodes.includes(value)) && <option value="">{value !== '' && !nodes.includes(value) ? value : t.nowhere}</option>}
      {nodes.map((each) => <option key={each}>{each}</option>)}
    </select>
  );
}
