import { isMap, isSeq, type Node, type YAMLSeq } from 'yaml'
import { endsWithOpenBlock, fillEmptyList, insertBlockLines, insertItem, itemLines, remove, removalEnd, type Edit, type Splice } from './edits'
import { columnOf, eolOf, isFirstOnLine, lineEnd, lineStart, startWithComments } from './lines'
import { EditRefused, dashOf, endOf, isFlowAt, nodeAt, parse, parseForEdit, requireSimple, startOf, valueOf, type Path } from './tree'

/** An item's own text, its "-" at column 0: what is cut, copied and pasted. */
export function itemText(text: string, path: Path, withComments = true): string {
  const { list, index } = blockItem(text, path)
  if (endsWithOpenBlock(list, index)) throw new EditRefused('Its last value keeps its blank lines ("|+"). Edit it in YAML.')
  const dash = dashOf(list, index)
  const column = columnOf(text, dash)
  const from = withComments && isFirstOnLine(text, dash) ? startWithComments(text, dash, column) : lineStart(text, dash)
  return shift(text.slice(from, lineEnd(text, removalEnd(text, list, index))), -column, '\n')
}

/** True when comment lines stand directly above an item. */
export function hasCommentAbove(text: string, path: Path): boolean {
  const { list, index } = blockItem(text, path)
  const dash = dashOf(list, index)
  return startWithComments(text, dash, columnOf(text, dash)) < lineStart(text, dash)
}

/** Removes an item together with the comment above it. */
export function removeWithComment(text: string, path: Path): Edit {
  const { list, index } = blockItem(text, path)
  if (list.items.length === 1) return remove(text, path)
  const dash = dashOf(list, index)
  return [itemLines(text, list, index, startWithComments(text, dash, columnOf(text, dash)), removalEnd(text, list, index))]
}

/** Pastes an item's text into a list, before the item at `index`. */
export function pasteItem(text: string, listPath: Path, index: number, item: string): Edit {
  const pasted = parse(item)
  if (pasted.errors.length > 0 || !isSeq(pasted.contents) || pasted.contents.items.length !== 1) throw new EditRefused('What was copied is not one step.')
  const root = parseForEdit(text)
  requireSimple(root, listPath)
  const list = nodeAt(root, listPath)
  const lines = (column: number) => shift(item.replace(/\r?\n$/, ''), column, eolOf(text))
  const filled = isSeq(list) && list.items.length > 0 ? undefined : fillEmptyList(text, listPath, lines)
  if (filled !== undefined) return filled
  if (!isSeq(list) || list.flow || list.items.length === 0) return insertItem(text, listPath, index, valueOf(pasted.contents.items[0]))
  const column = columnOf(text, dashOf(list, 0))
  return insertBlockLines(text, list, index, column, lines(column))
}

/** Moves an item of a list before the item at `index` of the same or another list (counted before the move). */
export function moveItem(text: string, from: Path, toList: Path, index: number): Edit {
  const { list, index: old } = blockItem(text, from)
  if (from.every((part, i) => toList[i] === part)) throw new EditRefused('A step cannot be moved into itself.')
  const target = nodeAt(parseForEdit(text), toList)
  const same = toList.length === from.length - 1 && toList.every((part, i) => from[i] === part)
  if (same && (index === old || index === old + 1)) return []
  if (isFlowAt(parseForEdit(text), toList) && isSeq(target) && target.items.length > 0) throw new EditRefused('The place is written in [ ]. Edit it in YAML.')
  const moved = itemText(text, from)
  const dash = dashOf(list, old)
  const taken: Edit = list.items.length === 1 ? remove(text, from) : [itemLines(text, list, old, startWithComments(text, dash, columnOf(text, dash)), removalEnd(text, list, old))]
  return join(taken, pasteItem(text, toList, index, moved))
}

/** Two edits of one text as one. */
export function join(a: Edit, b: Edit): Edit {
  const all = [...a, ...b].sort((x, y) => x.from - y.from || x.to - y.to)
  const result: Splice[] = []
  for (const splice of all) {
    const last = result[result.length - 1]
    if (last !== undefined && splice.from < last.to) throw new EditRefused('The two places overlap. Edit it in YAML.')
    if (last !== undefined && splice.from === last.to) result[result.length - 1] = { from: last.from, to: splice.to, insert: last.insert + splice.insert }
    else result.push(splice)
  }
  return result
}

function blockItem(text: string, path: Path): { list: YAMLSeq; index: number } {
  const root = parseForEdit(text)
  requireSimple(root, path)
  const list = nodeAt(root, path.slice(0, -1))
  const index = path[path.length - 1]
  if (!isSeq(list) || typeof index !== 'number' || list.items[index] === undefined) throw new EditRefused('There is no step here.')
  if (list.flow) throw new EditRefused('The steps are written in [ ]. Edit them in YAML.')
  const node = list.items[index] as Node
  if (isMap(node) && node.items.length > 0 && lineStart(text, startOf(node)) !== lineStart(text, dashOf(list, index)) && endOf(node, text) <= startOf(node)) throw new EditRefused('Edit it in YAML.')
  if (!isFirstOnLine(text, dashOf(list, index))) throw new EditRefused('The list begins behind another "-". Edit it in YAML.')
  return { list, index }
}

/** Moves lines to the right or left; blank lines stay blank. */
function shift(lines: string, by: number, eol: string): string {
  return lines
    .split(/\r?\n/)
    .map(line => {
      if (line.trim() === '') return by > 0 ? '' : line.slice(Math.min(line.length, -by))
      if (by >= 0) return ' '.repeat(by) + line
      const indent = line.length - line.trimStart().length
      return line.slice(Math.min(indent, -by))
    })
    .join(eol)
}
