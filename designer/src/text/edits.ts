import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { columnOf, endWithComments, eolOf, isFirstOnLine, lineEnd, lineStart, nextLine } from './lines'
import { blockLines, inline, pair, render, withoutBlocks, type Place, type Written } from './render'
import {
  EditRefused, dashOf, commaBefore, endOf, entryEnd, hasCommentBefore, isFlowAt, isJson, keyText, nodeAt, pairOf, parse, parseForEdit, quoteOf, requireSimple, startOf, tokenItems, valueOf,
  type Collection, type Path, type Root,
} from './tree'
import { writeText, type Value } from './values'

/** Replaces the text from `from` to `to`. Everything outside stays as it is, byte for byte. */
export interface Splice {
  from: number
  to: number
  insert: string
}

/** One edit: splices that do not overlap, in order, all counted in the text before the edit. */
export type Edit = readonly Splice[]

export function apply(text: string, edit: Edit): string {
  let result = ''
  let at = 0
  for (const splice of edit) {
    if (splice.from < at || splice.to < splice.from || splice.to > text.length) throw new RangeError('splices overlap')
    result += text.slice(at, splice.from) + splice.insert
    at = splice.to
  }
  return result + text.slice(at)
}

/** Order in which the keys of a map are usually written: a new key goes behind those that come before it. */
export type KeyOrder = readonly string[]

/** Sets the value at a path; keys that are missing on the way are written too. */
export function setValue(text: string, path: Path, value: Value, order?: KeyOrder): Edit {
  const edit = setAt(text, path, value, order)
  if (!JSON.stringify(value).includes('\\n')) return edit
  // A literal block takes in whatever deeper lines follow it, even comments: then the text goes between quotes.
  const after = parse(apply(text, edit))
  if (after.errors.length === 0 && JSON.stringify(valueOf(nodeAt(after, path))) === JSON.stringify(value)) return edit
  return withoutBlocks(() => setAt(text, path, value, order))
}

function setAt(text: string, path: Path, value: Value, order?: KeyOrder): Edit {
  const root = parseForEdit(text)
  requireSimple(root, path)
  if (path.length === 0) throw new EditRefused('The whole file is replaced in YAML only.')
  const parent = nodeAt(root, path.slice(0, -1))
  const key = path[path.length - 1]!
  if (isMap(parent) && typeof key === 'string') {
    const found = pairOf(parent, key)
    return found ? replacePairValue(text, root, path, parent, found, value) : insertPairAt(text, root, parent, key, value, order)
  }
  if (isSeq(parent) && typeof key === 'number') {
    const node = parent.items[key] as Node | undefined
    if (node === undefined) return insertItem(text, path.slice(0, -1), key, value)
    return replaceItem(text, root, path, parent, key, node, value)
  }
  if (typeof key !== 'string') throw new EditRefused('There is no list here.')
  if (parent !== undefined && !isEmptyScalar(parent)) throw new EditRefused('A single value stands where the lines should go. Edit it in YAML.')
  if (path.length === 1) return [{ from: text.length, to: text.length, insert: (text === '' || text.endsWith('\n') ? '' : eolOf(text)) + pair(key, value, 0, eolOf(text)) + eolOf(text) }]
  return setAt(text, path.slice(0, -1), { [key]: value }, order)
}

const isEmptyScalar = (node: Node) => isScalar(node) && (node.source ?? '') === '' && (node.type === 'PLAIN' || node.type === undefined)

function place(text: string, root: Root, path: Path, column: number, like?: Place['like']): Place {
  return { flow: isFlowAt(root, path), json: isJson(root), column, eol: eolOf(text), like }
}

function replacePairValue(text: string, root: Root, path: Path, map: YAMLMap, found: Pair, value: Value): Edit {
  const key = found.key as Node
  const index = map.items.indexOf(found)
  const node = found.value as Node | null
  const column = columnOf(text, startOf(key))
  const written = render(value, place(text, root, path.slice(0, -1), column, quoteOf(node)))
  const colon = tokenItems(map)[index]?.sep?.find(part => part.type === 'map-value-ind')?.offset
  if (colon === undefined) throw new EditRefused('This line cannot be edited here. Edit it in YAML.')
  if (node === null || isEmptyScalar(node)) return splitAtLine(text, colon + 1, colon + 1, written)
  return replaceNode(text, node, colon + 1, column, value, written)
}

function replaceItem(text: string, root: Root, path: Path, list: YAMLSeq, index: number, node: Node, value: Value): Edit {
  if (list.flow) return [{ from: startOf(node), to: endOf(node, text), insert: inline(value, { json: isJson(root) }) }]
  const dash = dashOf(list, index)
  const column = columnOf(text, dash)
  const written = render(value, place(text, root, path.slice(0, -1), column, quoteOf(node)))
  if (isEmptyScalar(node)) return splitAtLine(text, dash + 1, dash + 1, behindDash(written, value, column, text))
  return replaceNode(text, node, dash + 1, column, value, behindDash(written, value, column, text))
}

/** A map behind a dash begins on the dash's own line. */
function behindDash(written: Written, value: Value, column: number, text: string): Written {
  if (written.head !== '' || value === null || typeof value !== 'object') return written
  const lines = blockLines(value, column + 2, eolOf(text))
  return { head: lines.join(eolOf(text)).trimStart(), below: '' }
}

/** Replaces a node that begins somewhere behind `after` (a colon or dash). */
function replaceNode(text: string, node: Node, after: number, column: number, value: Value, written: Written): Edit {
  const from = startOf(node)
  const to = endOf(node, text)
  const sameLine = lineStart(text, from) === lineStart(text, after - 1)
  if (isScalar(node) && quoteOf(node) === 'block') {
    // A comment may stand behind the header of a literal block.
    const comment = text.slice(from, lineEnd(text, from)).match(/\s+#.*$/)?.[0] ?? ''
    return [{ from, to, insert: written.head + comment + written.below }]
  }
  const isBlock = (isMap(node) || isSeq(node)) && !node.flow
  if (isBlock) {
    const gap = text.slice(after, from)
    const bare = gap.trim() === ''
    if (written.head === '' && typeof value === 'object' && value !== null && !sameLine) {
      return [keepComment(text, from, to, blockLines(value, columnOf(text, from), eolOf(text)).join(eolOf(text)).trimStart())]
    }
    if (bare) return [keepComment(text, after, to, (written.head === '' ? '' : ' ' + written.head) + written.below)]
    if (written.below !== '' || isSeq(node)) throw new EditRefused('A comment stands between the key and its lines. Edit it in YAML.')
    return [{ from, to, insert: columnOf(text, from) > column ? written.head : '  ' + written.head }]
  }
  return splitAtLine(text, from, to, written, sameLine ? after : undefined)
}

/** A comment behind the last of several replaced lines goes to the first line: behind a literal block it would become part of it. */
function keepComment(text: string, from: number, to: number, insert: string): Splice {
  const end = lineEnd(text, to)
  const rest = text.slice(to, end)
  const eol = eolOf(text)
  const first = insert.indexOf(eol)
  if (first < 0 || rest.trim() === '') return { from, to, insert }
  return { from, to: end, insert: insert.slice(0, first) + ' ' + rest.trim() + insert.slice(first) }
}

/** Puts the head of a written value in its place and what follows behind the line, so that a comment on the line stays on it. */
function splitAtLine(text: string, from: number, to: number, written: Written, after?: number): Edit {
  const end = lineEnd(text, to)
  const rest = text.slice(to, end)
  const lead = from === to && written.head !== '' && !/\s/.test(text[from - 1] ?? '\n') ? ' ' : ''
  // A block that stands below leaves no blank behind its key.
  const begin = written.head === '' && after !== undefined && text.slice(after, from).trim() === '' ? after : from
  if (written.below === '') return [{ from: begin, to, insert: lead + written.head }]
  if (rest.trim() === '') return [{ from: begin, to: end, insert: lead + written.head + written.below }]
  if (!rest.trimStart().startsWith('#')) throw new EditRefused('Something else stands on this line. Edit it in YAML.')
  return [{ from: begin, to, insert: lead + written.head }, { from: end, to: end, insert: written.below }]
}

function insertPairAt(text: string, root: Root, map: YAMLMap, key: string, value: Value, order?: KeyOrder): Edit {
  let index = map.items.length
  if (order !== undefined && order.includes(key)) {
    const before = new Set(order.slice(0, order.indexOf(key)))
    const after = map.items.findLastIndex(item => before.has(keyText(item)))
    index = after + 1
  }
  return insertEntry(text, root, map, index, { key, value })
}

/** Gives an empty list its first item, as text that is already written. */
export function fillEmptyList(text: string, path: Path, lines: (column: number) => string): Edit | undefined {
  const root = parseForEdit(text)
  requireSimple(root, path)
  const map = nodeAt(root, path.slice(0, -1))
  const key = path[path.length - 1]
  if (!isMap(map) || map.flow || typeof key !== 'string') return undefined
  const found = pairOf(map, key)
  if (found === undefined) return undefined
  const node = found.value as Node | null
  const colon = tokenItems(map)[map.items.indexOf(found)]?.sep?.find(part => part.type === 'map-value-ind')?.offset
  if (colon === undefined) return undefined
  const written = { head: '', below: eolOf(text) + lines(columnOf(text, startOf(found.key as Node)) + 2) }
  if (node === null || isEmptyScalar(node)) return splitAtLine(text, colon + 1, colon + 1, written)
  if (!isSeq(node) || !node.flow || node.items.length > 0 || text.slice(startOf(node) + 1, node.range![1] - 1).trim() !== '') return undefined
  return splitAtLine(text, startOf(node), node.range![1], written, colon + 1)
}

/** Inserts a pair before the one at `index` (behind the last when there is none). */
export function insertPair(text: string, mapPath: Path, index: number, key: string, value: Value): Edit {
  const root = parseForEdit(text)
  requireSimple(root, mapPath)
  const map = nodeAt(root, mapPath)
  if (!isMap(map)) throw new EditRefused('There are no lines here.')
  if (pairOf(map, key)) throw new EditRefused(`'${key}' stands here already.`)
  return insertEntry(text, root, map, Math.min(Math.max(index, 0), map.items.length), { key, value })
}

/** Inserts an item before the one at `index` (behind the last when there is none). */
export function insertItem(text: string, listPath: Path, index: number, value: Value): Edit {
  const root = parseForEdit(text)
  requireSimple(root, listPath)
  const list = nodeAt(root, listPath)
  if (list === undefined || isEmptyScalar(list) || (isSeq(list) && list.items.length === 0 && !isFlowAt(root, listPath.slice(0, -1)))) return setValue(text, listPath, [value])
  if (!isSeq(list)) throw new EditRefused('There is no list here.')
  return insertEntry(text, root, list, Math.min(Math.max(index, 0), list.items.length), { value })
}

function insertEntry(text: string, root: Root, parent: Collection, index: number, entry: { key?: string; value: Value }): Edit {
  const eol = eolOf(text)
  if (parent.flow) {
    const json = isJson(root)
    const written = (entry.key === undefined ? '' : writeText(entry.key, { flow: true, json }) + ': ') + inline(entry.value, { json })
    return insertInFlow(text, parent, index, written, eol)
  }
  if (isMap(parent)) {
    const column = columnOf(text, startOf(parent.items[0]!.key as Node))
    // Among entries that each stand on one line a new one does too.
    const lines = isShort(entry.value) && onOneLine(parent) ? writeText(entry.key!, { flow: false, json: false }) + ': ' + inline(entry.value, { json: false }) : pair(entry.key!, entry.value, column, eol)
    return insertBlockLines(text, parent, index, column, ' '.repeat(column) + lines)
  }
  const column = columnOf(text, dashOf(parent, 0))
  return insertBlockLines(text, parent, index, column, blockLines([entry.value], column, eol).join(eol))
}

const isShort = (value: Value): boolean => value !== null && typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(v => v === null || typeof v !== 'object') && inline(value, { json: false }).length <= 88

function onOneLine(map: YAMLMap): boolean {
  const maps = map.items.map(item => item.value).filter(isMap).filter(value => value.items.length > 0)
  return maps.length > 0 && maps.every(value => value.flow)
}

/** Puts lines before an entry of a block map or list, with a blank line where its neighbours have one. */
export function insertBlockLines(text: string, parent: Collection, index: number, column: number, lines: string): Edit {
  const eol = eolOf(text)
  const gap = isSeq(parent) && hasBlankLines(text, parent) ? eol : ''
  if (index === 0) {
    const at = entryStart(parent, 0)
    return [{ from: at, to: at, insert: lines.trimStart() + eol + gap + ' '.repeat(column) }]
  }
  const end = entryEnd(parent, index - 1, text)
  const at = endWithComments(text, end, column)
  const keep = endsWithOpenBlock(parent, index - 1) && at === lineEnd(text, end)
  if (keep) throw new EditRefused('The value above keeps its blank lines ("|+"). Edit it in YAML.')
  return [{ from: at, to: at, insert: eol + gap + lines }]
}

/** True when an entry ends with a literal that keeps its blank lines: what follows it is part of its value. */
export function endsWithOpenBlock(parent: Collection, index: number): boolean {
  let node: unknown = parent.items[index]
  for (;;) {
    if (node !== null && typeof node === 'object' && 'key' in node && 'value' in node && !isScalar(node)) node = (node as Pair).value
    else if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) node = node.items[node.items.length - 1]
    else break
  }
  return isScalar(node) && quoteOf(node) === 'block' && /^[|>][^\n]*\+/.test((node.srcToken as { props?: { source: string }[] } | undefined)?.props?.map(part => part.source).join('') ?? '')
}

export function entryStart(parent: Collection, index: number): number {
  if (isSeq(parent)) return dashOf(parent, index)
  const key = parent.items[index]!.key as Node | null
  if (key === null || tokenItems(parent)[index]?.start.some(part => part.type === 'explicit-key-ind')) throw new EditRefused('This line cannot be edited here. Edit it in YAML.')
  return startOf(key)
}

function hasBlankLines(text: string, list: YAMLSeq): boolean {
  let blank = 0
  for (let i = 1; i < list.items.length; i++) {
    const between = text.slice(entryEnd(list, i - 1, text), dashOf(list, i))
    if (/\n[ \t]*\r?\n/.test(between)) blank++
  }
  return list.items.length > 1 && blank * 2 >= list.items.length - 1
}

function insertInFlow(text: string, parent: Collection, index: number, written: string, eol: string): Edit {
  const [open, close] = [startOf(parent), parent.range![1] - 1]
  if (parent.items.length === 0) {
    if (text.slice(open + 1, close).trim() !== '') throw new EditRefused('A comment stands between the brackets. Edit it in YAML.')
    const pad = isMap(parent) ? ' ' : ''
    return [{ from: open + 1, to: close, insert: pad + written + pad }]
  }
  const spread = lineStart(text, flowStart(parent, 0)) !== lineStart(text, open) && isFirstOnLine(text, flowStart(parent, 0))
  if (index < parent.items.length) {
    const at = flowStart(parent, index)
    const between = spread && isFirstOnLine(text, at) ? eol + ' '.repeat(columnOf(text, at)) : ' '
    return [{ from: at, to: at, insert: written + ',' + between }]
  }
  const end = entryEnd(parent, parent.items.length - 1, text)
  if (!spread) return [{ from: end, to: end, insert: ', ' + written }]
  const line = eol + ' '.repeat(columnOf(text, flowStart(parent, 0))) + written
  const stop = lineEnd(text, end)
  const rest = text.slice(end, stop).trim()
  if (rest.startsWith('#')) return [{ from: end, to: end, insert: ',' }, { from: stop, to: stop, insert: line }]
  return [{ from: end, to: end, insert: ',' + line }]
}

export function flowStart(parent: Collection, index: number): number {
  const item = parent.items[index] as Node | Pair
  return isSeq(parent) ? startOf(item as Node) : startOf((item as Pair).key as Node)
}

/** Removes a pair or an item. Comments above stay; a map or list that becomes empty is written `{}` or `[]`. */
export function remove(text: string, path: Path): Edit {
  const root = parseForEdit(text)
  requireSimple(root, path.slice(0, -1))
  const parent = nodeAt(root, path.slice(0, -1))
  const key = path[path.length - 1]
  const index = isMap(parent) && typeof key === 'string' ? parent.items.findIndex(item => keyText(item) === key) : isSeq(parent) && typeof key === 'number' ? key : -1
  if ((!isMap(parent) && !isSeq(parent)) || index < 0 || index >= parent.items.length) throw new EditRefused('There is nothing to remove here.')
  return parent.flow ? removeFromFlow(text, parent, index) : removeFromBlock(text, root, path, parent, index)
}

function removeFromFlow(text: string, parent: Collection, index: number): Edit {
  const from = flowStart(parent, index)
  const to = entryEnd(parent, index, text)
  if (parent.items.length === 1) {
    const [open, close] = [startOf(parent), parent.range![1] - 1]
    const bare = text.slice(open + 1, from).trim() === '' && text.slice(to, close).trim() === ''
    return bare ? [{ from: open + 1, to: close, insert: '' }] : [{ from, to, insert: '' }]
  }
  if (index > 0) {
    const comma = commaBefore(parent, index)!
    return hasCommentBefore(parent, index) ? [{ from: comma, to: comma + 1, insert: '' }, { from, to, insert: '' }] : [{ from: comma, to, insert: '' }]
  }
  const comma = commaBefore(parent, 1)!
  return hasCommentBefore(parent, 1) ? [{ from, to, insert: '' }, { from: comma, to: comma + 1, insert: '' }] : [{ from, to: flowStart(parent, 1), insert: '' }]
}

function removeFromBlock(text: string, root: Root, path: Path, parent: Collection, index: number): Edit {
  const from = entryStart(parent, index)
  const end = removalEnd(text, parent, index)
  const empty = isMap(parent) ? '{}' : '[]'
  if (parent.items.length === 1) {
    // What holds it says whether the brackets can move up to its line.
    const holder = path.length > 1 ? nodeAt(root, path.slice(0, -2)) : undefined
    const holderKey = path[path.length - 2]
    const colon = isMap(holder) && typeof holderKey === 'string' ? tokenItems(holder)[holder.items.findIndex(item => keyText(item) === holderKey)]?.sep?.find(part => part.type === 'map-value-ind')?.offset : undefined
    const column = colon === undefined ? -1 : columnOf(text, startOf(pairOf(holder as YAMLMap, holderKey as string)!.key as Node))
    if (colon !== undefined && text.slice(colon + 1, from).trim() === '') return [{ from: colon + 1, to: end, insert: ' ' + empty }]
    return [{ from, to: end, insert: columnOf(text, from) > column ? empty : '  ' + empty }]
  }
  if (!isFirstOnLine(text, from)) {
    // The first key of a map that stands behind a dash.
    const next = entryStart(parent, index + 1)
    if (text.slice(end, next).trim() === '' || text.slice(end, lineEnd(text, end)).trim() !== '') {
      const line = nextLine(text, end)
      if (text.slice(line, next).trim() === '') return [{ from, to: next, insert: '' }]
    }
    return [{ from, to: lineEnd(text, end), insert: '' }]
  }
  return [isSeq(parent) ? itemLines(text, parent, index, from, end) : wholeLines(text, from, end)]
}

/** An item's lines, with the blank line above when one stands below too: a list keeps its rhythm. */
export function itemLines(text: string, list: YAMLSeq, index: number, from: number, end: number): Splice {
  const lines = wholeLines(text, from, end)
  if (index === 0 || endsWithOpenBlock(list, index - 1) || lineStart(text, lines.from) !== lines.from) return lines
  const above = lineStart(text, lines.from - 1)
  const blankAbove = text.slice(above, lines.from).trim() === ''
  const blankBelow = lines.to >= text.length || text.slice(lines.to, nextLine(text, lines.to)).trim() === ''
  return blankAbove && blankBelow && above > 0 ? { ...lines, from: above } : lines
}

/** The whole lines from one place to another, with the line end that belongs to them. */
export function wholeLines(text: string, from: number, end: number): Splice {
  const to = nextLine(text, end)
  const start = lineStart(text, from)
  if (to === text.length && text[to - 1] !== '\n' && start > 0) return { from: text[start - 2] === '\r' ? start - 2 : start - 1, to, insert: '' }
  return { from: start, to, insert: '' }
}

/** Comments indented deeper belong to an entry that has lines of its own. */
export function removalEnd(text: string, parent: Collection, index: number): number {
  const end = entryEnd(parent, index, text)
  const item = parent.items[index] as Node | Pair
  const node = isSeq(parent) ? item : (item as Pair).value
  const isBlock = (isMap(node) || isSeq(node)) && !node.flow
  return isBlock ? endWithComments(text, end, columnOf(text, entryStart(parent, index))) : end
}

/** Renames a key; its value and comment stay. */
export function renameKey(text: string, path: Path, name: string): Edit {
  const root = parseForEdit(text)
  requireSimple(root, path)
  const map = nodeAt(root, path.slice(0, -1))
  const key = path[path.length - 1]
  if (!isMap(map) || typeof key !== 'string') throw new EditRefused('There is no line to rename.')
  const found = pairOf(map, key)
  if (!found) throw new EditRefused('There is no line to rename.')
  if (pairOf(map, name)) throw new EditRefused(`'${name}' stands here already.`)
  const node = found.key as Node
  return [{ from: startOf(node), to: node.range![1], insert: writeText(name, { flow: map.flow === true, json: isJson(root), like: quoteOf(node) === 'plain' ? undefined : quoteOf(node) }) }]
}
