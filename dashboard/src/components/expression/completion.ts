/** What can be put at the cursor. */
export interface Offer {
  readonly name: string;
  /** Its type, or how a function is called. */
  readonly type: string;
  readonly about: string;
  readonly isFunction: boolean;
}

const most = 40;

/** The start of the word that the cursor ends; null inside a text in quotes, where no name can stand. */
export function wordAt(text: string, cursor: number): number | null {
  const before = text.slice(0, cursor).replaceAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, (quoted) => ' '.repeat(quoted.length));
  return /["']/.test(before) ? null : before.length - /(?:[A-Za-z_][\w.]*)?$/.exec(before)![0].length;
}

/** What begins like the word first, then what has it further on. */
export function offersFor(word: string, all: readonly Offer[]): readonly Offer[] {
  const wanted = word.toLowerCase();
  const places = all.map((offer) => ({ offer, at: offer.name.toLowerCase().indexOf(wanted) })).filter(({ at, offer }) => at >= 0 && offer.name !== word);
  return [...places.filter(({ at }) => at === 0), ...places.filter(({ at }) => at > 0)].slice(0, most).map(({ offer }) => offer);
}

/** The text with an offer in the place of the word, and where the cursor goes on: between a function's parentheses. */
export function taken(text: string, start: number, cursor: number, { name, isFunction }: Offer): readonly [string, number] {
  const end = cursor + /^[\w.]*/.exec(text.slice(cursor))![0].length;
  const call = isFunction && text[end] !== '(' ? '()' : '';
  return [text.slice(0, start) + name + call + text.slice(end), start + name.length + (isFunction ? 1 : 0)];
}

/** Characters of what stands at a place: a name or number, else one. */
export const lengthAt = (text: string, position: number): number => Math.max(1, /^[\w.]*/.exec(text.slice(position))![0].length);
