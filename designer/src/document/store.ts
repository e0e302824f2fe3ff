import { historyField, isolateHistory, redo, undo } from '@codemirror/commands'
import { setDiagnostics, type Diagnostic as Mark } from '@codemirror/lint'
import { EditorState, type Transaction } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { api } from '../api/client'
import type { CheckedFlow, Diagnostic, SourceFile } from '../api/contract'
import { Offline, Problem } from '../api/http'
import { readFlow, type FlowModel } from '../flow/model'
import { apply, type Edit } from '../text/edits'
import { EditRefused } from '../text/tree'
import { editorExtensions } from './editorExtensions'
import { toEditor, toFile, type LineEnds } from './lineEnds'

/** What is opened: a draft, or a template that becomes a draft with the first change. */
export interface Opened {
  id: string
  title: string
  template: string | null
  templateHash: string | null
  files: SourceFile[]
  /** The draft's revision; null while there is no draft. */
  etag: string | null
}

export type Saving = 'saved' | 'changed' | 'saving' | 'offline' | 'failed' | 'conflict' | 'gone' | 'read-only'
/** Nothing is saved until a person says how. */
const held: readonly Saving[] = ['conflict', 'gone', 'read-only']

export interface DocumentState {
  opened: Opened
  path: string
  text: string
  /** The last text that could be read; the canvas shows it while the YAML is broken. */
  model: FlowModel | undefined
  broken: boolean
  diagnostics: Diagnostic[]
  /** The flows as the compiler understood them last. */
  flows: CheckedFlow[]
  checking: boolean
  /** Why the last check could not be made. */
  checkProblem: string | null
  selected: string | null
  /** Why the last edit was refused. */
  refused: string | null
  saving: Saving
  problem: Problem | null
  canUndo: boolean
}

const historyFields = { history: historyField }
const historyName = (id: string, path: string) => `designer.history.${id}.${path}`
const largestHistory = 1_000_000

/** A flow of so many steps is read when nobody has typed for a moment, not at each key. */
const manySteps = 80
const pauseBeforeReading = 150
const pauseBeforeCheck = 350
const pauseBeforeSave = 2000

/** One open flow: the text of its files is the only truth; canvas, forms and mapper are views of it. One history covers them all. */
export class FlowDocument {
  readonly store: StoreApi<DocumentState>
  private readonly states = new Map<string, EditorState>()
  private readonly ends = new Map<string, LineEnds>()
  private view: EditorView | null = null
  private readTimer: number | undefined
  private checkTimer: number | undefined
  private saveTimer: number | undefined
  private checkAbort: AbortController | null = null
  private savingNow: Promise<void> | null = null
  private savedTexts: string

  constructor(opened: Opened, path?: string) {
    for (const file of opened.files) {
      const { text, ends } = toEditor(file.content)
      this.ends.set(file.path, ends)
      this.states.set(file.path, this.begin(opened.id, file.path, text))
    }
    const first = path && this.states.has(path) ? path : (flowFiles(opened.files)[0] ?? opened.files[0]!.path)
    const text = this.states.get(first)!.sliceDoc()
    const model = readFlow(text)
    this.store = createStore<DocumentState>(() => ({
      opened, path: first, text, model, broken: model === undefined, diagnostics: [], flows: [], checking: true, checkProblem: null, selected: null, refused: null, saving: 'saved', problem: null, canUndo: false,
    }))
    this.savedTexts = JSON.stringify(this.files())
    void this.check()
  }

  /** With the history of before a reload, where the text is still the one it belongs to. */
  private begin(id: string, path: string, text: string): EditorState {
    const extensions = [EditorState.lineSeparator.of('\n'), editorExtensions(this)]
    try {
      const kept = JSON.parse(sessionStorage.getItem(historyName(id, path)) ?? 'null') as { doc?: string } | null
      if (kept?.doc === text) return EditorState.fromJSON(kept, { extensions }, historyFields)
    } catch {
      // A history that cannot be read is none.
    }
    return EditorState.create({ doc: text, extensions })
  }

  /** Undo survives a reload of the tab. */
  keepHistory(): void {
    for (const [path, state] of this.states) {
      const text = JSON.stringify(state.toJSON(historyFields))
      try {
        if (text.length < largestHistory) sessionStorage.setItem(historyName(this.store.getState().opened.id, path), text)
        else sessionStorage.removeItem(historyName(this.store.getState().opened.id, path))
      } catch {
        // The tab's store is full: the history ends with the reload.
      }
    }
  }

  get state(): EditorState {
    return this.states.get(this.store.getState().path)!
  }

  /** The files as they would be saved. */
  files(): SourceFile[] {
    return [...this.states].map(([path, state]) => ({ path, content: toFile(state.sliceDoc(), this.ends.get(path)!) }))
  }

  /** The files that the compiler reads, as the editor counts them: places in diagnostics fit these. */
  flowSources(): SourceFile[] {
    return [...this.states].filter(([path]) => /\.(ya?ml|json|csv)$/.test(path)).map(([path, state]) => ({ path, content: state.sliceDoc() }))
  }

  open(path: string): void {
    if (path === this.store.getState().path || !this.states.has(path)) return
    const state = this.states.get(path)!
    this.store.setState({ path, selected: null, refused: null })
    this.view?.setState(state)
    this.derive(state)
  }

  /** Makes an edit as one undo step; a refusal is shown, never thrown. */
  edit(make: (text: string) => Edit, what = 'input.form'): boolean {
    let edit: Edit
    try {
      edit = make(this.store.getState().text)
    } catch (e) {
      if (!(e instanceof EditRefused)) throw e
      this.store.setState({ refused: e.message })
      return false
    }
    if (edit.length === 0) return true
    const changes = edit.map(splice => ({ from: splice.from, to: splice.to, insert: splice.insert }))
    this.dispatch(this.state.update({ changes, userEvent: what, annotations: isolateHistory.of('full') }))
    this.store.setState({ refused: null })
    return true
  }

  /** The content of another version in the place of what stands here, as one undo step of each file. Says why it cannot be, else null. */
  restore(files: SourceFile[]): string | null {
    const only = [...new Set([...this.states.keys(), ...files.map(file => file.path)])].filter(path => !this.states.has(path) || !files.some(file => file.path === path))
    if (only.length > 0) return `Only one of the two has ${only.join(', ')}: that cannot be taken over here.`
    const { path } = this.store.getState()
    for (const file of files) {
      const { text } = toEditor(file.content)
      if (this.states.get(file.path)!.sliceDoc() === text) continue
      this.open(file.path)
      this.edit(before => [between(before, text)], 'input.restore')
    }
    this.open(path)
    return null
  }

  /** What the text would be after an edit; for asking first. */
  preview(make: (text: string) => Edit): string {
    return apply(this.store.getState().text, make(this.store.getState().text))
  }

  undo(): void { undo({ state: this.state, dispatch: tr => this.dispatch(tr) }) }
  redo(): void { redo({ state: this.state, dispatch: tr => this.dispatch(tr) }) }

  select(key: string | null): void {
    if (key === this.store.getState().selected) return
    this.store.setState({ selected: key })
    if (key !== null) this.reveal(key)
  }

  /** Scrolls the text to a step without taking the focus. */
  reveal(key: string): void {
    const model = this.store.getState().model
    const at = model?.all.find(s => s.key === key) ?? model?.triggers.find(t => t.key === key)
    if (at === undefined || this.view === null || this.view.hasFocus || at.from > this.state.doc.length) return
    this.dispatch(this.state.update({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: 'start', yMargin: 60 }) }))
  }

  attach(view: EditorView): void { this.view = view }
  detach(): void { this.view = null }

  goTo(offset: number): void {
    const anchor = Math.min(offset, this.state.doc.length)
    this.dispatch(this.state.update({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) }))
    this.view?.focus()
  }

  /** Every change of text goes through here, from the editor as from forms. */
  dispatch(transaction: Transaction): void {
    if (this.view) this.view.update([transaction])
    const path = this.store.getState().path
    this.states.set(path, transaction.state)
    if (transaction.docChanged) {
      if (transaction.isUserEvent('input.type') && (this.store.getState().model?.all.length ?? 0) > manySteps) this.deriveSoon(transaction.state)
      else this.derive(transaction.state)
      this.plan()
    } else if (transaction.selection && this.view?.hasFocus) this.follow(transaction.state)
  }

  /** The caret in the text selects its card. */
  private follow(state: EditorState): void {
    const { model, broken, selected } = this.store.getState()
    if (model === undefined || broken) return
    const at = state.selection.main.head
    const inside = [...model.all].reverse().find(step => at >= state.doc.lineAt(Math.min(step.from, state.doc.length)).from && at <= step.to) ?? model.triggers.find(t => at >= t.from && at <= t.to)
    if (inside && inside.key !== selected) this.store.setState({ selected: inside.key })
  }

  /** The text is the truth at once; what is drawn of it follows. */
  private deriveSoon(state: EditorState): void {
    this.store.setState({ text: state.sliceDoc(), canUndo: true })
    window.clearTimeout(this.readTimer)
    this.readTimer = window.setTimeout(() => this.derive(this.state), pauseBeforeReading)
  }

  private derive(state: EditorState): void {
    window.clearTimeout(this.readTimer)
    const text = state.sliceDoc()
    const model = readFlow(text)
    const before = this.store.getState()
    const selected = model && before.selected && !exists(model, before.selected) ? null : before.selected
    this.store.setState({ text, model: model ?? before.model, broken: model === undefined, selected, canUndo: true })
  }

  private plan(): void {
    window.clearTimeout(this.checkTimer)
    this.checkTimer = window.setTimeout(() => void this.check(), pauseBeforeCheck)
    if (!held.includes(this.store.getState().saving)) this.store.setState({ saving: 'changed' })
    window.clearTimeout(this.saveTimer)
    this.saveTimer = window.setTimeout(() => void this.save(), pauseBeforeSave)
  }

  async check(): Promise<void> {
    this.checkAbort?.abort()
    const abort = (this.checkAbort = new AbortController())
    this.store.setState({ checking: true })
    try {
      const { diagnostics, flows } = await api.check(this.flowSources(), abort.signal)
      this.store.setState({ diagnostics, flows: flows ?? this.store.getState().flows, checking: false, checkProblem: null })
      this.mark()
    } catch (e) {
      if (abort.signal.aborted) return
      this.store.setState({ checking: false, checkProblem: e instanceof Error ? e.message : String(e) })
    }
  }

  /** Shows the compiler's findings in the text. */
  mark(): void {
    const { diagnostics, path } = this.store.getState()
    const length = this.state.doc.length
    const marks: Mark[] = diagnostics.filter(d => d.path === path).map(d => {
      const from = Math.min(d.offset, length)
      return { from, to: Math.min(Math.max(from + d.length, from + 1), Math.max(length, from)), severity: d.severity, message: d.hint ? `${d.message}\n${d.hint}` : d.message, source: d.code }
    })
    this.dispatch(this.state.update(setDiagnostics(this.state, marks)))
  }

  /** Saves the draft; a save under way is waited for. */
  async save(force = false): Promise<void> {
    window.clearTimeout(this.saveTimer)
    if (this.savingNow) await this.savingNow
    const texts = JSON.stringify(this.files())
    if (texts === this.savedTexts && !force) {
      if (this.store.getState().saving === 'changed') this.store.setState({ saving: 'saved' })
      return
    }
    if (held.includes(this.store.getState().saving) && !force) return
    this.savingNow = this.put(texts).finally(() => (this.savingNow = null))
    await this.savingNow
  }

  private async put(texts: string): Promise<void> {
    const { opened } = this.store.getState()
    this.store.setState({ saving: 'saving' })
    try {
      const { etag } = await api.saveDraft(opened.id, { title: this.store.getState().model?.title ?? opened.title, template: opened.template, templateHash: opened.templateHash, files: JSON.parse(texts) as SourceFile[] }, opened.etag)
      this.savedTexts = texts
      this.keepHistory()
      this.store.setState({ opened: { ...opened, etag: etag ?? opened.etag }, saving: JSON.stringify(this.files()) === texts ? 'saved' : 'changed', problem: null })
    } catch (e) {
      if (e instanceof Offline) {
        this.store.setState({ saving: 'offline' })
        this.saveTimer = window.setTimeout(() => void this.save(), 5000)
      } else if (e instanceof Problem) this.store.setState({ saving: e.status === 412 ? 'conflict' : e.status === 404 ? 'gone' : e.status === 403 ? 'read-only' : 'failed', problem: e })
      else throw e
    }
  }

  /** After a conflict: what stands here replaces what the other saved. */
  async keepMine(): Promise<void> {
    const { etag } = await api.draft(this.store.getState().opened.id)
    this.store.setState({ opened: { ...this.store.getState().opened, etag } })
    await this.save(true)
  }

  /** The draft was deleted meanwhile: what stands here becomes one again. */
  async keepCopy(): Promise<void> {
    this.store.setState({ opened: { ...this.store.getState().opened, etag: null } })
    await this.save(true)
  }

  async theirs(): Promise<Opened> {
    const { opened } = this.store.getState()
    const { data, etag } = await api.draft(opened.id)
    return { id: opened.id, title: data.title, template: data.template, templateHash: data.templateHash, files: data.files, etag }
  }

  close(): void {
    window.clearTimeout(this.readTimer)
    window.clearTimeout(this.checkTimer)
    this.checkAbort?.abort()
    void this.save()
  }
}

/** The one splice that makes one text of another: what is alike at both ends stays. */
function between(before: string, after: string): Edit[number] {
  let from = 0
  while (from < Math.min(before.length, after.length) && before[from] === after[from]) from++
  let tail = 0
  while (tail < Math.min(before.length, after.length) - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) }
}

function exists(model: FlowModel, key: string): boolean {
  return model.all.some(step => step.key === key) || model.triggers.some(trigger => trigger.key === key)
}

/** The files that are flows, the others behind them. */
export function flowFiles(files: SourceFile[]): string[] {
  return files.filter(file => /\.(ya?ml|json)$/.test(file.path) && /^\s*(?:"flow"|flow)\s*:/m.test(file.content) && !/\.tests\.ya?ml$/.test(file.path)).map(file => file.path)
}
