import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab, toggleTabFocusMode } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, codeFolding, foldGutter, foldKeymap, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, lintKeymap } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import type { Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { tags as t } from '@lezer/highlight'
import { completeFlow, hoverFlow } from './completion'
import type { FlowDocument } from './store'

export const highlighting = HighlightStyle.define([
  { tag: t.propertyName, color: 'var(--code-key)' },
  { tag: [t.string, t.content], color: 'var(--code-string)' },
  { tag: t.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [t.number, t.bool, t.null], color: 'var(--code-number)' },
  { tag: [t.keyword, t.operator], color: 'var(--code-operator)' },
  { tag: [t.punctuation, t.separator, t.bracket], color: 'var(--text-3)' },
  { tag: [t.variableName, t.definition(t.variableName)], color: 'var(--text-1)' },
])

export function editorExtensions(document: FlowDocument): Extension {
  return [
    lineNumbers(), codeFolding(), foldGutter(), history(), drawSelection(), indentOnInput(), indentUnit.of('  '), bracketMatching(), closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
    yaml(), syntaxHighlighting(highlighting), lintGutter(),
    autocompletion({ override: [context => completeFlow(context, document)], icons: false }),
    hoverFlow(document),
    keymap.of([
      { key: 'Ctrl-m', run: toggleTabFocusMode }, indentWithTab,
      ...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...searchKeymap, ...foldKeymap, ...historyKeymap, ...defaultKeymap,
    ]),
    EditorView.contentAttributes.of({ 'aria-label': 'Flow in YAML', tabindex: '0' }),
  ]
}
