export type JourneyNode = Readonly<Record<string, unknown>>;

export interface Way {
  /** Where in the node its target stands. */
  readonly path: readonly (string | number)[];
  /** Its name: `next`, an arm, an outcome, the number of a branch. */
  readonly by: string;
  /** The node it leads to; empty where it leads nowhere yet. */
  readonly to: string;
}

/** How a member of a node is edited. */
export type FieldType = 'text' | 'long' | 'any' | 'condition' | 'amount' | 'number' | 'names' | 'choice' | 'wait' | 'awaited' | 'facts' | 'arms' | 'branch';

export interface Field {
  readonly path: readonly string[];
  readonly type: FieldType;
  readonly optional?: boolean;
  readonly options?: readonly string[];
  readonly hint?: string;
}

export interface Kind {
  /** As the product calls it. */
  readonly name: string;
  /** The member that makes a node one of this kind. */
  readonly mark: string;
  readonly fields: readonly Field[];
  /** Members that name a node, and those of them that may be left out. */
  readonly ways: readonly string[];
  readonly mayLack?: readonly string[];
  /** A new one whose ways lead to a node. */
  readonly fresh: (to: string) => JourneyNode;
}

const text = (...path: string[]): Field => ({ path, type: 'text' });
/** Expressions, by what their place takes. */
const any = (...path: string[]): Field => ({ path, type: 'any' });
const condition = (...path: string[]): Field => ({ path, type: 'condition' });
const amount = (...path: string[]): Field => ({ path, type: 'amount' });
const optional = (field: Field): Field => ({ ...field, optional: true });
const duration = (...path: string[]): Field => ({ path, type: 'text', hint: 'P7D, PT12H' });
const names = (...path: string[]): Field => ({ path, type: 'names' });
export const purposes = ['marketing', 'service', 'arrears', 'collections', 'profiling', 'research'];
const contact: readonly Field[] = [
  { path: ['channel'], type: 'names', optional: true, hint: 'best; app, push, email, sms, call, letter' }, { path: ['purpose'], type: 'choice', options: purposes, optional: true }, { path: ['facts'], type: 'facts', optional: true },
];

/** Every kind of node, in the order in which they are told apart (journey.schema.json). */
export const kinds: readonly Kind[] = [
  { name: 'offer', mark: 'offer', fields: [text('offer'), text('message'), duration('valid'), ...contact], ways: ['accepted', 'declined', 'late', 'refused'], fresh: (to) => ({ offer: 'decided', message: '', channel: 'best', valid: 'P14D', accepted: to, declined: to, late: to, refused: to }) },
  { name: 'message', mark: 'message', fields: [text('message'), ...contact], ways: ['next', 'refused'], fresh: (to) => ({ message: '', channel: 'best', next: to, refused: to }) },
  { name: 'decide', mark: 'decide', fields: [names('decide'), contact[0]!], ways: ['next', 'none'], fresh: (to) => ({ decide: ['nothing'], channel: 'best', next: to, none: to }) },
  { name: 'waitFor', mark: 'waitFor', fields: [{ path: ['waitFor'], type: 'awaited' }, duration('timeout')], ways: ['next', 'late'], fresh: (to) => ({ waitFor: { outcome: 'click' }, timeout: 'P7D', next: to, late: to }) },
  { name: 'wait', mark: 'wait', fields: [{ path: ['wait'], type: 'wait' }], ways: ['next', 'past'], mayLack: ['past'], fresh: (to) => ({ wait: 'P3D', next: to }) },
  { name: 'branch', mark: 'branch', fields: [{ path: ['branch'], type: 'branch' }], ways: ['else'], fresh: (to) => ({ branch: [{ when: 'flags.vulnerable', next: to }], else: to }) },
  { name: 'split', mark: 'split', fields: [text('split'), { path: ['arms'], type: 'arms' }], ways: [], fresh: (to) => ({ split: '', arms: { control: to, other: to } }) },
  { name: 'webhook', mark: 'webhook', fields: [text('webhook'), { path: ['facts'], type: 'facts', optional: true }], ways: ['next', 'failed'], fresh: (to) => ({ webhook: '', next: to, failed: to }) },
  {
    name: 'task', mark: 'task', ways: ['late', 'refused'], mayLack: ['refused'],
    fields: [{ path: ['task'], type: 'choice', options: ['approve', 'call', 'appointment'] }, text('queue'), optional({ path: ['brief'], type: 'long' }), duration('due'), { path: ['outcomes'], type: 'arms' }, contact[1]!, contact[2]!],
    fresh: (to) => ({ task: 'call', queue: 'agents', due: 'P3D', outcomes: { done: to, unreachable: to }, late: to }),
  },
  {
    name: 'paymentPlan', mark: 'paymentPlan', ways: ['next', 'broken'],
    fields: [amount('paymentPlan', 'amount'), amount('paymentPlan', 'instalments'), { path: ['paymentPlan', 'every'], type: 'text', hint: 'P1M' }, optional(duration('paymentPlan', 'grace')), names('paymentPlan', 'signal'), optional(amount('paymentPlan', 'paid')), optional(names('paymentPlan', 'match'))],
    fresh: (to) => ({ paymentPlan: { amount: 'signal.amount', instalments: 3, every: 'P1M', signal: 'debt_payment' }, next: to, broken: to }),
  },
  { name: 'journey', mark: 'journey', fields: [text('journey'), duration('timeout')], ways: ['next', 'late', 'goal', 'refused'], mayLack: ['goal', 'refused'], fresh: (to) => ({ journey: '', timeout: 'P30D', next: to, late: to }) },
  { name: 'loop', mark: 'loop', fields: [{ path: ['times'], type: 'number' }, optional(condition('while'))], ways: ['loop', 'next'], fresh: (to) => ({ loop: to, times: 3, next: to }) },
  { name: 'end', mark: 'end', fields: [text('end')], ways: [], fresh: () => ({ end: 'completed' }) },
  { name: 'exit', mark: 'exit', fields: [text('exit')], ways: [], fresh: () => ({ exit: 'left' }) },
  { name: 'goal', mark: 'goal', fields: [text('goal'), optional(amount('value'))], ways: [], fresh: () => ({ goal: 'reached' }) },
];

/** What can be said of the journey as a whole. */
export const journeyFields: readonly Field[] = [
  optional(text('title')), { path: ['purpose'], type: 'choice', options: purposes }, optional({ path: ['priority'], type: 'number' }), optional(text('lane')), optional(names('entry', 'signal')), optional(condition('entry', 'segment')), optional(condition('entry', 'when')),
  optional(text('entry', 'reentry')), optional(names('goal', 'signal')), optional(condition('goal', 'when')), optional(duration('goal', 'within')), optional(amount('goal', 'value')), optional(condition('exit')), optional(names('exitOn')), optional(any('debt')),
];

/** The kind of a node; null for what is none, or none yet. */
export const kindOf = (node: JourneyNode): Kind | null => kinds.find((kind) => kind.mark in node) ?? null;

const nameIn = (value: unknown) => (typeof value === 'string' ? value : '');
const membersOf = (value: unknown) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value as Record<string, unknown>) : []);

/** Every way on from a node, in the order in which it is drawn; those that may be left out and are, lead nowhere. */
export function waysOf(node: JourneyNode): Way[] {
  const kind = kindOf(node);
  if (kind === null) return [];
  const found: Way[] = [];
  if (kind.name === 'branch' && Array.isArray(node['branch'])) (node['branch'] as unknown[]).forEach((way, place) => found.push({ path: ['branch', place, 'next'], by: `${place + 1}`, to: nameIn((way as JourneyNode | null)?.['next']) }));
  for (const member of ['arms', 'outcomes']) {
    if (kind.fields.some((field) => field.path[0] === member)) for (const [name, to] of membersOf(node[member])) found.push({ path: [member, name], by: name, to: nameIn(to) });
  }
  for (const way of kind.ways) found.push({ path: [way], by: way, to: nameIn(node[way]) });
  return found;
}
