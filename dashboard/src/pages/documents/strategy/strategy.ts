import { isObject, readObject } from '../edit';

export const rules = ['eligibility', 'applicability', 'suitability'] as const;
export const amounts = ['margin', 'expectedLoss', 'lifetime', 'experience'] as const;

/** An action as its text has it; what is half written is not there yet. */
export interface Action {
  /** Its place in the strategy. */
  readonly place: number;
  readonly id: string;
  readonly kind: string;
  readonly stage: string;
  readonly channels: readonly string[];
  readonly journey: string;
  readonly rules: Readonly<Record<(typeof rules)[number], string>>;
  readonly amounts: Readonly<Record<(typeof amounts)[number], string>>;
  readonly context: string;
  readonly lever: number;
  /** The model that says its propensity; empty for none. */
  readonly model: string;
  /** Mean of what is believed of its propensity before anything is known; null where none is given. */
  readonly prior: number | null;
}

export interface Strategy {
  readonly objectives: { readonly revenue: number; readonly risk: number; readonly experience: number };
  readonly actions: readonly Action[];
}

/** The strategy that a text is; null while it is no JSON. */
export function readStrategy(text: string): Strategy | null {
  const { value } = readObject(text);
  if (value === null) return null;
  const weights = objectOf(value['objectives']);
  const listed: readonly unknown[] = Array.isArray(value['actions']) ? value['actions'] : [];
  return {
    objectives: { revenue: numberOf(weights['revenue'], 0), risk: numberOf(weights['risk'], 0), experience: numberOf(weights['experience'], 0) },
    actions: listed.flatMap((each, place) => (isObject(each) ? [actionOf(each, place)] : [])),
  };
}

function actionOf(action: Record<string, unknown>, place: number): Action {
  const propensity = objectOf(action['propensity']);
  const [alpha, beta] = ['alpha', 'beta'].map((name) => numberOf(objectOf(propensity['prior'])[name], NaN)) as [number, number];
  const texts = <N extends string>(names: readonly N[], of: Record<string, unknown>) => Object.fromEntries(names.map((name) => [name, textOf(of[name])])) as Record<N, string>;
  return {
    place, id: textOf(action['id']), kind: textOf(action['kind']), stage: textOf(action['stage']), journey: textOf(action['journey']),
    channels: Array.isArray(action['channels']) ? action['channels'].map(textOf) : [],
    rules: texts(rules, action), amounts: texts(amounts, objectOf(action['value'])), context: textOf(action['context']), lever: numberOf(action['lever'], 1),
    model: textOf(propensity['model']), prior: alpha + beta > 0 ? alpha / (alpha + beta) : null,
  };
}

const objectOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
