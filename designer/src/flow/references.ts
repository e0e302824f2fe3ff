import { parser } from '@lezer/javascript'
import type { SyntaxNode } from '@lezer/common'

/** A value that an expression reads. */
export interface Reference {
  /** "input.address.zip"; a list's items are "lines[]". */
  path: string
  from: number
  to: number
}

export const isExpression = (value: unknown): value is string => typeof value === 'string' && value.startsWith('=')

/**
 * Everything an expression reads, from its syntax tree: all operands, conditions, template parts and optional chains.
 * What an arrow function reads of its own parameter is read of the list's items, when the list is plain to see.
 */
export function referencesOf(expression: string): Reference[] {
  const found: Reference[] = []
  const tree = parser.parse('(' + expression + ')')
  const at = (node: SyntaxNode) => ('(' + expression + ')').slice(node.from, node.to)
  const walk = (node: SyntaxNode, names: ReadonlyMap<string, string | null>): void => {
    if (node.name === 'ArrowFunction') {
      const inner = new Map(names)
      const list = listOf(node)
      const items = list === null ? null : pathOf(list, names)
      parametersOf(node).forEach((name, i) => inner.set(name, i === 0 && items !== null ? items + '[]' : null))
      for (let child = node.firstChild; child; child = child.nextSibling) if (child.name !== 'ParamList') walk(child, inner)
      return
    }
    if (node.name === 'MemberExpression' || node.name === 'VariableName') {
      const path = pathOf(node, names)
      if (path !== null && path !== '') found.push({ path, from: node.from - 1, to: node.to - 1 })
      if (path === null) for (let child = node.firstChild; child; child = child.nextSibling) walk(child, names)
      return
    }
    if (node.name === 'CallExpression') {
      const callee = node.firstChild
      if (callee) {
        // A method is not a field: what it is called on is read. A function of the library reads nothing by itself.
        const object = callee.name === 'MemberExpression' ? callee.firstChild : null
        if (object && !isLibrary(callee, names)) walk(object, names)
        for (let child = callee.nextSibling; child; child = child.nextSibling) walk(child, names)
      }
      return
    }
    for (let child = node.firstChild; child; child = child.nextSibling) walk(child, names)
  }

  function pathOf(node: SyntaxNode, names: ReadonlyMap<string, string | null>): string | null {
    if (node.name === 'VariableName') {
      const name = at(node)
      if (names.has(name)) return names.get(name) ?? ''
      return constants.has(name) ? '' : name
    }
    if (node.name === 'ParenthesizedExpression' && node.firstChild?.nextSibling) return pathOf(node.firstChild.nextSibling, names)
    if (node.name !== 'MemberExpression' || !node.firstChild) return null
    const base = pathOf(node.firstChild, names)
    if (base === null || base === '') return base
    const property = node.lastChild
    if (property?.name === 'PropertyName') {
      const name = at(property)
      return name === 'length' && node.parent?.name !== 'MemberExpression' ? base : `${base}.${name}`
    }
    const inside = node.getChild('String') ?? node.getChild('Number')
    if (inside?.name === 'Number') return base + '[]'
    if (inside?.name === 'String') return `${base}.${at(inside).slice(1, -1)}`
    return null
  }

  function isLibrary(callee: SyntaxNode, names: ReadonlyMap<string, string | null>): boolean {
    let root = callee
    while (root.name === 'MemberExpression' && root.firstChild) root = root.firstChild
    return root.name === 'VariableName' && libraries.has(at(root)) && !names.has(at(root))
  }

  function listOf(arrow: SyntaxNode): SyntaxNode | null {
    const args = arrow.parent
    const call = args?.name === 'ArgList' ? args.parent : null
    const callee = call?.firstChild
    if (!callee) return null
    if (callee.name === 'MemberExpression' && callee.firstChild && !isLibrary(callee, new Map())) return callee.firstChild
    const first = args!.firstChild?.nextSibling
    return first && first.from < arrow.from ? first : null
  }

  function parametersOf(arrow: SyntaxNode): string[] {
    const list = arrow.getChild('ParamList')
    const names: string[] = []
    for (let child = list?.firstChild ?? null; child; child = child.nextSibling) if (child.name === 'VariableDefinition') names.push(at(child))
    return names
  }

  walk(tree.topNode, new Map())
  return found
}

/** The distinct paths an expression reads. */
export const pathsOf = (expression: string): string[] => [...new Set(referencesOf(expression).map(reference => reference.path))]

const libraries = new Set(['normalize', 'split', 'date', 'money', 'text', 'list', 'table', 'Math', 'String', 'Number', 'JSON'])
const constants = new Set(['keep', 'clear', 'undefined', 'null', 'true', 'false', 'NaN', ...libraries])

/** How a path is written in an expression, with "?." behind what may be missing. */
export function writePath(path: string): string {
  return path.split('.').map((part, i) => (i === 0 ? part : /^[A-Za-z_$][\w$]*$/.test(part) ? '.' + part : `[${JSON.stringify(part)}]`)).join('')
}
