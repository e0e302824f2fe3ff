import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument, type CST, type Document, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { readPlain, type Quote, type Value } from './values'

/** Where a value stands: keys and positions from the top. */
export type Path = readonly (string | number)[]

/** An edit that the designer will not make because it could harm what it does not understand. */
export class EditRefused extends Error {}

export type Collection = YAMLMap | YAMLSeq
export type Root = Document.Parsed

/** Parses without judging values: how a scalar is read is the engine's rule, not YAML's. */
export function parse(text: string): Root {
  return parseDocument(text, { keepSourceTokens: true, schema: 'failsafe', strict: true, uniqueKeys: true, prettyErrors: false, logLevel: 'silent' }) as Root
}

/** Parses a text that is to be edited. */
export function parseForEdit(text: string): Root {
  const root = parse(text)
  if (root.errors.length > 0) throw new EditRefused('The text has a mistake in its YAML; mend it there first.')
  return root
}

export const keyText = (pair: Pair): string => (isScalar(pair.key) ? (isPlain(pair.key) ? (pair.key.source ?? String(pair.key.value)) : String(pair.key.value)) : '')

export const isPlain = (scalar: Scalar): boolean => scalar.type === 'PLAIN' || scalar.type === undefined

export function quoteOf(node: unknown): Quote | undefined {
  if (!isScalar(node)) return undefined
  return node.type === 'QUOTE_SINGLE' ? 'single' : node.type === 'QUOTE_DOUBLE' ? 'double' : node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? 'block' : 'plain'
}

/** The value of a node as the engine reads it. */
export function valueOf(node: unknown): Value {
  if (isScalar(node)) return isPlain(node) ? readPlain(node.source ?? '') : String(node.value)
  if (isSeq(node)) return node.items.map(valueOf)
  if (isMap(node)) {
    const result: { [key: string]: Value } = {}
    for (const item of node.items) {
      // Own property even for a key such as __proto__.
      Object.defineProperty(result, keyText(item), { value: valueOf(item.value), enumerable: true, writable: true, configurable: true })
    }
    return result
  }
  return null
}

/** The value of a whole text; null when it does not parse. */
export const readText = (text: string): Value => valueOf(parse(text).contents)

export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find(item => isPair(item) && keyText(item) === key)
}

/** The node at a path; undefined where there is none. */
export function nodeAt(root: Root, path: Path): Node | undefined {
  let node: unknown = root.contents
  for (const part of path) {
    if (isMap(node) && typeof part === 'string') node = pairOf(node, part)?.value
    else if (isSeq(node) && typeof part === 'number') node = node.items[part]
    else return undefined
  }
  return (node ?? undefined) as Node | undefined
}

/** Refuses what a splice could silently change the meaning of: anchors, aliases, tags, merge keys on the way to the place. */
export function requireSimple(root: Root, path: Path): void {
  for (let length = 0; length <= path.length; length++) {
    const node = nodeAt(root, path.slice(0, length))
    if (node === undefined) return
    if (isAlias(node)) throw new EditRefused('An alias stands here. Edit it in YAML.')
    if ('anchor' in node && node.anchor) throw new EditRefused('An anchor stands here. Edit it in YAML.')
    if (sourceTag(node)) throw new EditRefused('A tag stands here. Edit it in YAML.')
    if (isMap(node) && node.items.some(item => keyText(item) === '<<')) throw new EditRefused('A merge key stands here. Edit it in YAML.')
  }
}

function sourceTag(node: Node): boolean {
  return 'tag' in node && typeof node.tag === 'string' && !node.tag.startsWith('tag:yaml.org,2002:')
}

/** True when a node stands inside { } or [ ], or is one of them. */
export function isFlowAt(root: Root, path: Path): boolean {
  for (let length = 0; length <= path.length; length++) {
    const node = nodeAt(root, path.slice(0, length))
    if ((isMap(node) || isSeq(node)) && node.flow) return true
  }
  return false
}

export const isJson = (root: Root): boolean => (isMap(root.contents) || isSeq(root.contents)) && root.contents.flow === true

/** Where an item of a list or map begins in its source. */
export function tokenItems(collection: Collection): { start: CST.SourceToken[]; key?: CST.Token | null; sep?: CST.SourceToken[]; value?: CST.Token }[] {
  const token = collection.srcToken as (CST.BlockMap | CST.BlockSequence | CST.FlowCollection) | undefined
  if (token === undefined) throw new EditRefused('This place cannot be edited here. Edit it in YAML.')
  return token.items as never
}

export const startOf = (node: Node): number => node.range![0]

/** Where the text of a node ends: behind its last sign, before any comment. */
export function endOf(node: unknown, text: string): number {
  if (isScalar(node)) {
    const [from, to] = node.range!
    if (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED') return to
    let end = to
    if (text[end - 1] === '\n') end -= text[end - 2] === '\r' ? 2 : 1
    return Math.max(end, from + 1)
  }
  if (isSeq(node) || isMap(node)) {
    if (node.flow) return node.range![1]
    const last = node.items.length - 1
    return last < 0 ? node.range![1] : entryEnd(node, last, text)
  }
  return (node as Node | null)?.range?.[1] ?? 0
}

/** Where the text of an item of a list, or of a pair of a map, ends. */
export function entryEnd(collection: Collection, index: number, text: string): number {
  const item: unknown = collection.items[index]
  const node = isPair(item) ? (item.value as Node | null) : (item as Node | null)
  const token = tokenItems(collection)[index]
  let floor = isPair(item) ? ((item.key as Node | null)?.range?.[1] ?? 0) : 0
  for (const part of [...(token?.start ?? []), ...(token?.sep ?? [])]) {
    if (part.type === 'seq-item-ind' || part.type === 'map-value-ind' || part.type === 'explicit-key-ind') floor = Math.max(floor, part.offset + 1)
  }
  return Math.max(floor, node ? endOf(node, text) : 0)
}

/** Where the "-" of an item of a block list stands. */
export function dashOf(list: YAMLSeq, index: number): number {
  const dash = tokenItems(list)[index]?.start.find(part => part.type === 'seq-item-ind')
  if (dash === undefined) throw new EditRefused('This list cannot be edited here. Edit it in YAML.')
  return dash.offset
}

/** Where the comma before an item of a { } or [ ] stands; undefined before the first. */
export function commaBefore(collection: Collection, index: number): number | undefined {
  return tokenItems(collection)[index]?.start.find(part => part.type === 'comma')?.offset
}

export const hasCommentBefore = (collection: Collection, index: number): boolean => tokenItems(collection)[index]?.start.some(part => part.type === 'comment') ?? false
