import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { isObject, readObject, remove, replace, set, strict, type Path } from '../documents/edit';
import { waysOf, type JourneyNode } from './kinds';

/** A journey as its text has it. */
export interface Journey {
  readonly start?: unknown;
  readonly nodes: Readonly<Record<string, JourneyNode>>;
  readonly [member: string]: unknown;
}

/** What is read of a text: the value, or why there is none. The text itself stays the model; nothing writes it anew. */
export type Reading = { readonly journey: Journey; readonly fault: null } | { readonly journey: null; readonly fault: string };

export function read(text: string): Reading {
  const { value, fault } = readObject(text);
  if (value === null) return { journey: null, fault };
  // Half written members show nothing yet.
  const nodes = isObject(value['nodes']) ? Object.fromEntries(Object.entries(value['nodes']).filter((entry): entry is [string, JourneyNode] => isObject(entry[1]))) : {};
  return { journey: { ...value, nodes }, fault: null };
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
