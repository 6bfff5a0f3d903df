import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

// A document's text is its model: what forms and pictures change, they change in it at one path, and nothing writes the rest anew.

export type Path = readonly (string | number)[];

export const strict = { disallowComments: true, allowTrailingComma: false };

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object that a text is, or why it is none and where. */
export function readObject(text: string): { readonly value: Record<string, unknown>; readonly fault: null } | { readonly value: null; readonly fault: string } {
  const errors: ParseError[] = [];
  parseTree(text, errors, strict);
  if (errors.length > 0) {
    const before = text.slice(0, errors[0]!.offset).split('\n');
    return { value: null, fault: `${printParseErrorCode(errors[0]!.error)}, ${before.length}:${before.at(-1)!.length + 1}` };
  }
  const value = JSON.parse(text) as unknown;
  return isObject(value) ? { value, fault: null } : { value: null, fault: 'ObjectExpected, 1:1' };
}

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

export const replace = (text: string, from: number, to: number, by: string) => text.slice(0, from) + by + text.slice(to);

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
