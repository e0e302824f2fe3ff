import { autocompletion, completionKeymap, closeBrackets } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { syntaxHighlighting } from '@codemirror/language'
import { setDiagnostics } from '@codemirror/lint'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, placeholder as placeholderText } from '@codemirror/view'
import { Code2, Type } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { expressionOptions } from '../document/completion'
import { useDocument } from '../document/context'
import { highlighting } from '../document/editorExtensions'

/** A value that is either fixed text or an expression. The switch keeps both until the field is left. */
export function ExpressionField({ label, hideLabel, value, onCommit, step, placeholder, help, error }: {
  label: string; hideLabel?: boolean; value: string; onCommit(value: string): void; step: string | null; placeholder?: string; help?: string; error?: string | null
}) {
  const id = useId()
  const asExpression = value.startsWith('=')
  const [expression, setExpression] = useState(asExpression)
  const kept = useRef<{ text: string; code: string }>({ text: asExpression ? '' : value, code: asExpression ? value.slice(1) : '' })
  useEffect(() => {
    setExpression(value.startsWith('='))
    if (value.startsWith('=')) kept.current.code = value.slice(1)
    else kept.current.text = value
  }, [value])
  const commit = (next: string) => { if (next !== value) onCommit(next) }
  return (
    <div className="field" role="group" aria-labelledby={hideLabel ? undefined : id} aria-label={hideLabel ? label : undefined}>
      {!hideLabel && <span className="label" id={id}>{label}</span>}
      <div className="expression-field">
        {expression
          ? <CodeLine label={label} value={kept.current.code} step={step} placeholder={placeholder} onCommit={code => { kept.current.code = code; commit(code.trim() === '' ? '' : '=' + code) }} />
          : <input key={value} className="input" aria-label={label} defaultValue={kept.current.text} placeholder={placeholder} spellCheck={false} onBlur={e => { kept.current.text = e.target.value; commit(e.target.value) }} onKeyDown={e => { if (e.key === 'Enter') { kept.current.text = e.currentTarget.value; commit(e.currentTarget.value) } if (e.key === '=' && e.currentTarget.value === '') { e.preventDefault(); setExpression(true) } }} />}
        <button type="button" className="mode" aria-label={expression ? `${label}: use a fixed value` : `${label}: use an expression`} title={expression ? 'Expression. Press for a fixed value' : 'Fixed value. Press for an expression'} onClick={() => setExpression(!expression)}>{expression ? <Code2 size={14} aria-hidden /> : <Type size={14} aria-hidden />}</button>
      </div>
      {help && <span className="help">{help}</span>}
      {error && <span className="help error">{error}</span>}
    </div>
  )
}

export interface CodeLineHandle { insert(text: string): void; focus(): void }

/** One expression, with completion. Outside changes are taken only while nobody types. */
export function CodeLine({ label, value, step, placeholder, onCommit, onChange, lines = 1, handle, idle, sample, mistake }: {
  label: string; value: string; step: string | null; placeholder?: string; onCommit(value: string): void; onChange?(value: string): void; lines?: number; handle?: { current: CodeLineHandle | null }; idle?: number
  /** A record whose values stand beside the names that are offered. */
  sample?: Record<string, unknown> | null
  /** Where the engine stumbled. */
  mistake?: { offset: number; message: string } | null
}) {
  const document = useDocument()
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef({ onCommit, onChange, value, step, sample })
  latest.current = { onCommit, onChange, value, step, sample }
  useEffect(() => {
    let timer: number | undefined
    const commit = () => { window.clearTimeout(timer); const text = editor.state.doc.toString(); if (text !== latest.current.value) latest.current.onCommit(text) }
    const editor: EditorView = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          history(), closeBrackets(), javascript(), syntaxHighlighting(highlighting), EditorView.lineWrapping, placeholder ? placeholderText(placeholder) : [],
          autocompletion({ icons: false, override: [async context => {
            const typed = context.state.sliceDoc(0, context.pos)
            if (!context.explicit && !/[\w.$]$/.test(typed)) return null
            const found = await expressionOptions(document, latest.current.step, typed, latest.current.sample ?? null)
            return found === null || found.options.length === 0 ? null : { from: found.from, options: found.options, validFor: /^[\w$]*$/ }
          }] }),
          keymap.of(completionKeymap),
          Prec.low(keymap.of([{ key: 'Enter', run: () => { commit(); return true } }])),
          keymap.of([...historyKeymap, ...defaultKeymap.filter(binding => binding.key !== 'Enter')]),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of(update => {
            if (!update.docChanged) return
            latest.current.onChange?.(update.state.doc.toString())
            if (idle) { window.clearTimeout(timer); timer = window.setTimeout(commit, idle) }
          }),
          EditorView.domEventHandlers({ blur: () => { commit() } }),
        ],
      }),
    })
    view.current = editor
    if (handle) handle.current = { insert: text => { editor.dispatch(editor.state.replaceSelection(text)); editor.focus() }, focus: () => editor.focus() }
    return () => { window.clearTimeout(timer); view.current = null; editor.destroy() }
  }, [document, label])
  useEffect(() => {
    const editor = view.current
    if (editor && !editor.hasFocus && editor.state.doc.toString() !== value) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])
  const at = mistake?.offset
  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const length = editor.state.doc.length
    const from = Math.min(at ?? 0, Math.max(0, length - 1))
    const word = /^[\w$]+/.exec(editor.state.sliceDoc(from))?.[0].length ?? 1
    editor.dispatch(setDiagnostics(editor.state, at === undefined || length === 0 ? [] : [{ from, to: Math.min(length, from + word), severity: 'error', message: mistake!.message }]))
  }, [at, mistake?.message])
  return <div className={'code-line input' + (lines > 1 ? ' tall' : '')} ref={host} />
}
