import { history, undo, redo } from '@codemirror/commands'
import { EditorState } from '@codemirror/state'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Parser } from 'yaml'
import { apply, insertItem, insertPair, remove, renameKey, setValue, type Edit } from '../../src/text/edits'
import { moveItem } from '../../src/text/moves'
import { EditRefused, parse, readText, valueOf, type Path } from '../../src/text/tree'
import type { Value } from '../../src/text/values'
import { random } from './random'

const edits = Number(process.env.EDITS ?? 1000)
type Tree = { [key: string]: Value }

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesUnder(path) : /\.(ya?ml)$/.test(name) && !name.endsWith('.metadata.json') ? [path] : []
  })
}

const here = import.meta.dirname
const flows = filesUnder(join(here, '../../../flows')).concat(filesUnder(join(here, 'odd')))
const sources = flows.flatMap(path => {
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
  return [{ name: path + ' (LF)', text }, { name: path + ' (CRLF)', text: text.replaceAll('\n', '\r\n') }]
})

const texts = [
  '=input.name', '=a ? b : c', '="a #1"', "it's", 'say "so"', 'yes', 'ON', '08540', '+12085550100', '42', 'true', 'null', '~', '', ' lead', 'trail ', 'a: b', 'x:', '# no', '- no', '{a}', '[1, 2]', 'two\nlines',
  'ends\n', '=list.first(lines, l => l.type === "Email")?.value', '=`${input.id}/primary`', '*/5 * * * *', '!x', '&a', '%', '@', '`', 'tab\there', 'Ünïcödé → 日本', '\u2028', '=!x', 'a, b', '...', '---', '=[\n  1,\n  2,\n]', '\n', 'a\n\nb', '  x\n y',
]

function paths(value: Value, at: (string | number)[] = []): { path: (string | number)[]; value: Value }[] {
  const self = at.length > 0 ? [{ path: at, value }] : []
  if (Array.isArray(value)) return [...self, ...value.flatMap((item, i) => paths(item, [...at, i]))]
  if (value !== null && typeof value === 'object') return [...self, ...Object.entries(value).flatMap(([key, child]) => paths(child, [...at, key]))]
  return self
}

const get = (value: Value, path: Path): Value => path.reduce<Value>((v, part) => (v as never)[part], value)
const isTree = (value: Value): value is Tree => value !== null && typeof value === 'object' && !Array.isArray(value)

/** The same edit on plain data: what the text must read as afterwards. */
function onData(value: Value, path: Path, change: (parent: Value[] | Tree, key: string | number) => void): Value {
  const copy = structuredClone(value)
  change(get(copy, path.slice(0, -1)) as Value[] | Tree, path[path.length - 1]!)
  return copy
}

const withKeyAt = (tree: Tree, index: number, key: string, value: Value): Tree => Object.fromEntries([...Object.entries(tree).slice(0, index), [key, value], ...Object.entries(tree).slice(index)])

interface Trial { what: string; make: (text: string) => Edit; expected: Value; mayLose: (line: string) => boolean }

function trial(data: Value, r: ReturnType<typeof random>): Trial | undefined {
  const all = paths(data)
  if (all.length === 0) return undefined
  const value = (): Value => r.chance(0.7) ? r.pick(texts) : r.pick<Value>([5, -12.5, 0, true, false, null, [], {}, ['Phone', 'LastName'], { a: 'b' }, [{ id: 'x', map: { a: '=1' } }], { gt: 5, lt: ['a', 'b: c'] }, [['A'], ['B', 'C']], 1e21])
  const none = () => false
  switch (r.below(7)) {
    case 0: { // set what is there
      const at = r.pick(all)
      const v = value()
      return { what: `set ${at.path.join('.')} = ${JSON.stringify(v)}`, make: t => setValue(t, at.path, v), expected: onData(data, at.path, (p, k) => ((p as never as Value[])[k as number] = v)), mayLose: () => typeof at.value === 'object' }
    }
    case 1: { // a new line in a map
      const maps = all.filter(a => isTree(a.value))
      if (maps.length === 0) return undefined
      const at = r.pick(maps)
      const key = r.pick(['Fresh__c', 'custom.Gate code', 'a: b', 'yes', '"q"', '5'])
      if (Object.hasOwn(at.value as Tree, key)) return undefined
      const v = value()
      return { what: `add ${at.path.join('.')}.${key} = ${JSON.stringify(v)}`, make: t => setValue(t, [...at.path, key], v), expected: onData(data, [...at.path, key], (p, k) => ((p as Tree)[k] = v)), mayLose: none }
    }
    case 2: { // a pair at a place
      const maps = all.filter(a => isTree(a.value))
      if (maps.length === 0) return undefined
      const at = r.pick(maps)
      // Plain data keeps keys that are numbers in front, a text where they stand: such a place has no number here.
      if (Object.keys(at.value as Tree).some(key => /^\d+$/.test(key))) return undefined
      const index = r.below(Object.keys(at.value as Tree).length + 1)
      const v = value()
      return { what: `insert ${at.path.join('.')}@${index} = ${JSON.stringify(v)}`, make: t => insertPair(t, at.path, index, 'fresh', v), expected: onData(data, at.path, (p, k) => ((p as Tree)[k] = withKeyAt(at.value as Tree, index, 'fresh', v))), mayLose: none }
    }
    case 3: { // an item
      const lists = all.filter(a => Array.isArray(a.value))
      if (lists.length === 0) return undefined
      const at = r.pick(lists)
      const index = r.below((at.value as Value[]).length + 1)
      const v = r.chance(0.5) ? { id: 'fresh', upsert: 'salesforce/Account', match: [['Key__c']], set: { Name: '=a ? b : c', Note: 'two\nlines' } } : value()
      return { what: `item ${at.path.join('.')}@${index} = ${JSON.stringify(v)}`, make: t => insertItem(t, at.path, index, v), expected: onData(data, at.path, (p, k) => (p as never as { [k: string]: Value[] })[k as string]!.splice(index, 0, v)), mayLose: none }
    }
    case 4: { // remove
      const at = r.pick(all)
      const expected = onData(data, at.path, (p, k) => (Array.isArray(p) ? void p.splice(k as number, 1) : void delete p[k]))
      return { what: `remove ${at.path.join('.')}`, make: t => remove(t, at.path), expected, mayLose: () => true }
    }
    case 5: { // move an item
      const items = all.filter(a => typeof a.path[a.path.length - 1] === 'number')
      const lists = all.filter(a => Array.isArray(a.value))
      if (items.length === 0) return undefined
      const from = r.pick(items).path
      const to = r.chance(0.5) ? from.slice(0, -1) : r.pick(lists).path
      if (from.every((part, i) => to[i] === part)) return undefined
      const index = r.below((get(data, to) as Value[]).length + 1)
      const copy = structuredClone(data)
      const source = get(copy, from.slice(0, -1)) as Value[]
      const target = get(copy, to) as Value[]
      const marker: Value = { marker: true }
      target.splice(index, 0, marker)
      const old = from[from.length - 1] as number
      const [moved] = source.splice(source === target && index <= old ? old + 1 : old, 1)
      target[target.indexOf(marker)] = moved!
      return { what: `move ${from.join('.')} to ${to.join('.')}@${index}`, make: t => moveItem(t, from, to, index), expected: copy, mayLose: none }
    }
    default: { // rename
      const keys = all.filter(a => typeof a.path[a.path.length - 1] === 'string')
      if (keys.length === 0) return undefined
      const at = r.pick(keys)
      const name = r.pick(['Other__c', 'new name', 'x: y'])
      const parent = get(data, at.path.slice(0, -1)) as Tree
      // As above: where a key is a number, plain data does not know the place of its neighbours.
      if (Object.hasOwn(parent, name) || Object.keys(parent).some(key => /^\d+$/.test(key))) return undefined
      const renamed = Object.fromEntries(Object.entries(parent).map(([k, v]) => [k === at.path[at.path.length - 1] ? name : k, v]))
      const parentPath = at.path.slice(0, -1)
      return { what: `rename ${at.path.join('.')} to ${name}`, make: t => renameKey(t, at.path, name), expected: parentPath.length === 0 ? renamed : onData(data, parentPath, (p, k) => ((p as Tree)[k] = renamed)), mayLose: none }
    }
  }
}

/** The comments of a text by the parser's own tokens: a "#" inside a literal block is none. */
function comments(text: string): string[] {
  const found: string[] = []
  const walk = (token: unknown): void => {
    if (Array.isArray(token)) token.forEach(walk)
    else if (token !== null && typeof token === 'object') {
      const part = token as { type?: string; source?: string }
      if (part.type === 'comment') found.push(part.source!.trim())
      else Object.values(token).forEach(walk)
    }
  }
  for (const token of new Parser().parse(text)) walk(token)
  return found
}

function check(name: string, text: string, t: Trial): 'done' | 'refused' {
  const what = `${name}: ${t.what}`
  let edit: Edit
  try {
    edit = t.make(text)
  } catch (e) {
    if (e instanceof EditRefused) return 'refused'
    throw new Error(what, { cause: e })
  }
  const after = apply(text, edit)
  const parsed = parse(after)
  expect(parsed.errors.map(e => e.message), what + '\n' + after).toEqual([])
  const read = valueOf(parsed.contents)
  expect(read, what).toEqual(t.expected)
  if (isTree(read)) expect(JSON.stringify(read), what + ' (order)').toBe(JSON.stringify(t.expected))
  // Text outside the splices is the same by bytes.
  let at = 0
  let grown = 0
  for (const splice of edit) {
    expect(after.slice(at + grown, splice.from + grown), what).toBe(text.slice(at, splice.from))
    grown += splice.insert.length - (splice.to - splice.from)
    at = splice.to
  }
  expect(after.slice(at + grown), what).toBe(text.slice(at))
  if (!t.mayLose('')) for (const comment of comments(text)) expect(after, what + ' keeps ' + comment).toContain(comment)
  const eols = (s: string) => ({ crlf: s.includes('\r\n'), lf: /(^|[^\r])\n/.test(s) })
  if (eols(text).crlf !== eols(text).lf) {
    expect(eols(after).lf && eols(text).crlf, what + ' mixes line ends').toBe(false)
    expect(eols(after).crlf && eols(text).lf, what + ' mixes line ends').toBe(false)
  }
  // One transaction, one undo: the bytes come back.
  let state = EditorState.create({ doc: text, extensions: [history(), EditorState.lineSeparator.of('\n')] })
  state = state.update({ changes: edit.map(s => ({ ...s })) }).state
  expect(state.sliceDoc(), what).toBe(after)
  undo({ state, dispatch: tr => (state = tr.state) })
  expect(state.sliceDoc(), what).toBe(text)
  redo({ state, dispatch: tr => (state = tr.state) })
  expect(state.sliceDoc(), what).toBe(after)
  return 'done'
}

describe('byte safety', () => {
  it('finds flows to edit', () => expect(sources.length).toBeGreaterThan(8))

  it(`keeps everything outside the edit through ${edits} random edits`, { timeout: 600_000 }, () => {
    const seed = Number(process.env.SEED ?? 20261125)
    const r = random(seed)
    let done = 0
    let refused = 0
    while (done < edits) {
      const source = r.pick(sources)
      const data = readText(source.text)
      const t = trial(data, r)
      if (t === undefined) continue
      if (check(`seed ${seed} ${source.name}`, source.text, t) === 'done') done++
      else refused++
      expect(refused, 'most edits are made, not refused').toBeLessThan(edits)
    }
    expect(refused).toBeLessThan(edits / 5)
  })

  it('keeps its promise through a chain of edits on one text', { timeout: 600_000 }, () => {
    const r = random(7)
    for (const source of sources) {
      let text = source.text
      for (let i = 0; i < 12; i++) {
        const t = trial(readText(text), r)
        if (t === undefined || check(source.name, text, t) === 'refused') continue
        text = apply(text, t.make(text))
      }
    }
  })
})
