import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { waysOf, type JourneyNode } from './kinds';

export type Path = readonly (string | number)[];

/** A journey as its text has it. */
export interface Journey {
  readonly start?: unknown;
  readonly nodes: Readonly<Record<string, JourneyNode>>;
  readonly [member: string]: unknown;
}

/** What is read of a text: the value, or why there is none. The text itself stays the model; nothing writes it anew. */
export type Reading = { readonly journey: Journey; readonly fault: null } | { readonly journey: null; readonly fault: string };

const strict = { disallowComments: true, allowTrailingComma: false };

export function read(text: string): Reading {
  const errors: ParseError[] = [];
  parseTree(text, errors, strict);
  if (errors.length > 0) {
    const before = text.slice(0, errors[0]!.offset).split('\n');
    return { journey: null, fault: `${printParseErrorCode(errors[0]!.error)}, ${before.length}:${before.at(-1)!.length + 1}` };
  }
  const value = JSON.parse(text) as unknown;
  if (!isObject(value)) return { journey: null, fault: 'ObjectExpected, 1:1' };
  // Half written members show nothing yet.
  const nodes = isObject(value['nodes']) ? Object.fromEntries(Object.entries(value['nodes']).filter((entry): entry is [string, JourneyNode] => isObject(entry[1]))) : {};
  return { journey: { ...value, nodes }, fault: null };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a value stands, for the cursor; null where there is none. */
export function placeOf(text: string, path: Path): readonly [number, number] | null {
  const node = at(text, path);
  return node === undefined ? null : [node.offset, node.offset + node.length];
}

const at = (text: string, path: Path): Node | undefined => {
  const root = parseTree(text, [], strict);
  return root === undefined ? undefined : findNodeAtLocation(root, [...path]);
};

/** The text with another value at a path. Everything else keeps its place, order and spelling; missing objects on the way are made. */
export function set(text: string, path: Path, value: unknown): string {
  const known = at(text, path);
  if (known !== undefined) return replace(text, known.offset, known.offset + known.length, print(value));

  const parent = path.slice(0, -1);
  const key = path.at(-1)!;
  const holder = at(text, parent);
  if (holder === undefined) return set(text, parent, typeof key === 'number' ? [value] : { [key]: value });
  const item = typeof key === 'number' ? print(value) : `${JSON.stringify(key)}: ${print(value)}`;
  const last = holder.children?.at(-1);
  if (last === undefined) {
    const [open, close] = holder.type === 'array' ? ['[', ']'] : ['{ ', ' }'];
    return replace(text, holder.offset, holder.offset + holder.length, open + item + close);
  }
  // As the one before it stands: on a line of its own, or behind it.
  const line = text.slice(text.lastIndexOf('\n', last.offset) + 1, last.offset);
  const separator = text.lastIndexOf('\n', last.offset) > holder.offset && /^\s*$/.test(line) ? `,\n${line}` : ', ';
  const end = last.offset + last.length;
  return replace(text, end, end, separator + item);
}

/** The text without what is at a path, and without its comma. */
export function remove(text: string, path: Path): string {
  const value = at(text, path);
  const node = value?.parent?.type === 'property' ? value.parent : value;
  const siblings = node?.parent?.children;
  if (node === undefined || siblings === undefined) return text;
  const index = siblings.indexOf(node);
  const end = node.offset + node.length;
  if (index > 0) {
    const before = siblings[index - 1]!;
    return replace(text, before.offset + before.length, end, '');
  }
  const next = siblings[1];
  return next === undefined ? replace(text, node.offset, end, '') : replace(text, node.offset, next.offset, '');
}

/** Another name for a node, wherever it is named. */
export function rename(text: string, from: string, to: string): string {
  const root = parseTree(text, [], strict);
  const { journey } = read(text);
  if (root === undefined || journey === null || !(from in journey.nodes) || from === to) return text;
  const paths: Path[] = journey.start === from ? [['start']] : [];
  for (const [name, node] of Object.entries(journey.nodes)) {
    for (const way of waysOf(node)) if (way.to === from) paths.push(['nodes', name, ...way.path]);
    if ((node['waitFor'] as { readonly of?: unknown } | undefined)?.of === from) paths.push(['nodes', name, 'waitFor', 'of']);
  }
  const places = paths.map((path) => findNodeAtLocation(root, [...path])!);
  const key = findNodeAtLocation(root, ['nodes', from])!.parent!.children![0]!;
  return [...places, key].toSorted((a, b) => b.offset - a.offset).reduce((changed, place) => replace(changed, place.offset, place.offset + place.length, JSON.stringify(to)), text);
}

/** Without a node; what led to it leads to where it led first. */
export function removeNode(text: string, name: string): string {
  const { journey } = read(text);
  const node = journey?.nodes[name];
  if (journey === null || node === undefined) return text;
  const onward = waysOf(node).find((way) => way.to !== '' && way.to !== name)?.to;
  let changed = remove(text, ['nodes', name]);
  if (onward === undefined) return changed;
  if (journey.start === name) changed = set(changed, ['start'], onward);
  for (const [other, each] of Object.entries(journey.nodes)) {
    if (other === name) continue;
    for (const way of waysOf(each)) if (way.to === name) changed = set(changed, ['nodes', other, ...way.path], onward);
  }
  return changed;
}

const replace = (text: string, from: number, to: number, by: string) => text.slice(0, from) + by + text.slice(to);

/** JSON on one line, with the spaces that the shipped documents have. */
export function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`;
  if (isObject(value)) return Object.keys(value).length === 0 ? '{}' : `{ ${Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${print(each)}`).join(', ')} }`;
  return JSON.stringify(value);
}

/** The parts of a JSON path such as `$.nodes['a-b'].next`. */
export function partsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\.([A-Za-z_][\w]*)|\['((?:\\.|[^'\\])*)'\]|\[(\d+)\]/g)].map(([, member, quoted, item]) => item !== undefined ? Number(item) : member ?? quoted!.replaceAll(/\\(.)/g, '$1'));
}
