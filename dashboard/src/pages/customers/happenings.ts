import type { Customer, Happening, Message } from './types';

export const kinds = ['signal', 'lifecycle', 'outcome', 'decision', 'journey', 'message', 'reply', 'contact', 'consent', 'case'] as const;

export type Kind = (typeof kinds)[number];

export interface Row {
  readonly at: string;
  readonly kind: Kind;
  readonly what: string;
  readonly detail: string;
  /** Id of the decision that the row opens. */
  readonly decision?: string;
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'string' ? value : typeof value === 'number' ? String(Math.round(value * 1e4) / 1e4) : JSON.stringify(value));
const known = new Set(['id', 'name', 'at', 'meaning', 'observedIs', 'referenceIs']);

/** All that stands in the 360° view as one list, the newest first. */
export function happenings(customer: Customer, messages: readonly Message[]): Row[] {
  const rows: Row[] = [
    ...customer.signals.map((each) => row('signal', each.at, each.name, signalWords(each))),
    ...customer.lifecycle.map((each) => row('lifecycle', each.at, each.name, rest(each))),
    ...customer.outcomes.map((each) => row('outcome', each.at, text(each['outcome']), rest(each, 'outcome'))),
    ...customer.decisions.map((each) => ({ ...row('decision', each.at, each.action ?? '–', [each.strategy, each.channel].filter(Boolean).join(', ')), decision: each.id })),
    ...customer.journeys.flatMap(journeyRows),
    ...messages.map((each) => row('message', each.at, each.subject ?? each.purpose, `${each.status} (${each.gateway}): ${each.body ?? each.reason ?? ''}`)),
    ...customer.replies.map((each) => row('reply', each.at, text((each['reading'] as { readonly intent?: string } | undefined)?.intent), rest(each, 'reading'))),
    ...customer.contacts.map((each) => row('contact', each.at, `${each.purpose}, ${each.channel}`, each.status)),
    ...customer.consents.map((each) => row('consent', each.at, `${text(each['purpose'])}, ${text(each['channel'])}`, text(each['status']))),
    ...customer.cases.map((each) => row('case', text(each['openedAt'] ?? each.at), text(each['kind'] ?? each.name), text(each['status']))),
  ];
  return rows.filter((each) => !Number.isNaN(Date.parse(each.at))).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

const row = (kind: Kind, at: string, what: string | undefined, detail: string): Row => ({ kind, at, what: what ?? '', detail });

function signalWords(signal: Happening): string {
  const figures = signal.observed === undefined ? '' : `${text(signal['observedIs'])} ${text(signal.observed)}${signal.reference === undefined || signal['referenceIs'] === '0' ? '' : `, ${text(signal['referenceIs'])} ${text(signal.reference)}`}`.trim();
  const reasons = Array.isArray(signal['reasons']) ? signal['reasons'].map(text).join(', ') : '';
  return [figures, reasons, signal.meaning ?? ''].filter((part) => part !== '').join(' · ');
}

function journeyRows(each: Readonly<Record<string, unknown>>): Row[] {
  const what = `${text(each['journey'])}@${text(each['version'])}`;
  return [
    row('journey', text(each['entered']), what, each['running'] === true ? `→ ${text(each['node'])}` : ''),
    ...(each['goal'] == null ? [] : [row('journey', text(each['goal']), what, `★ ${text(each['value'])}`)]),
    ...(each['ended'] == null ? [] : [row('journey', text(each['ended']), what, [each['outcome'], each['reason']].map(text).filter((part) => part !== '').join(': '))]),
  ];
}

const rest = (each: Happening, but = ''): string => Object.entries(each).filter(([name, value]) => !known.has(name) && name !== but && value !== null).map(([name, value]) => `${name}: ${text(value)}`).join(', ');
