import type { KeyGroup } from './offers'

const apple = /Mac|iPhone|iPad/.test(navigator.platform)
const Ctrl = apple ? '⌘' : 'Ctrl'

/** The keys of each part of the designer. A part shows its own while it stands on the screen. */
export const paletteKey = `${Ctrl}+K`
export const everywhere: KeyGroup = { title: 'Everywhere', rows: [
  { keys: paletteKey, does: 'Go to a flow, screen or step, or do something here' },
  { keys: '?', does: 'This list', single: true },
  { keys: 'F6 · Shift+F6', does: 'Next pane, previous pane' },
  { keys: 'Esc', does: 'Close what is open' },
] }
export const openFlow: KeyGroup = { title: 'This flow', rows: [
  { keys: `${Ctrl}+S`, does: 'Save the draft' },
  { keys: `${Ctrl}+Enter`, does: 'Plan: what it would write' },
  { keys: `${Ctrl}+Z`, does: 'Undo, wherever the edit was made' },
  { keys: `${Ctrl}+Shift+Z · ${Ctrl}+Y`, does: 'Redo' },
] }
export const canvas: KeyGroup = { title: 'Canvas', rows: [
  { keys: '← ↑ → ↓', does: 'Nearest step that way' },
  { keys: 'Home · End', does: 'First step, last step' },
  { keys: 'Enter', does: 'Settings of the step' },
  { keys: 'Esc', does: 'Select nothing' },
  { keys: 'A · Shift+A', does: 'Add a step after, before', single: true },
  { keys: 'Delete', does: 'Delete the step' },
  { keys: `${Ctrl}+C · X · V · D`, does: 'Copy, cut, paste after, duplicate' },
  { keys: 'Alt+↑ · Alt+↓', does: 'Move the step up, down' },
  { keys: 'Shift+F10', does: 'Everything that can be done with the step' },
  { keys: '/', does: 'Find a step', single: true },
] }
export const yaml: KeyGroup = { title: 'YAML', rows: [
  { keys: 'Ctrl+Space', does: 'What can stand here' },
  { keys: 'F8', does: 'Next problem' },
  { keys: `${Ctrl}+F`, does: 'Search the text' },
  { keys: 'Tab · Shift+Tab', does: 'Indent more, indent less' },
  { keys: 'Ctrl+M', does: 'Let Tab leave the editor, or indent again' },
] }
export const mapper: KeyGroup[] = [
  { title: 'Source', rows: [
    { keys: '↑ ↓ · Home · End', does: 'Move between values' },
    { keys: '→ · ←', does: 'Open, close; → on a value picks it up' },
    { keys: 'Enter', does: 'Pick the value up; Enter on a field drops it' },
    { keys: 'Esc', does: 'Put it back' },
  ] },
  { title: 'Fields', rows: [
    { keys: '↑ ↓ · Home · End', does: 'Move between fields' },
    { keys: 'Enter', does: 'Write the expression, or drop what is carried' },
    { keys: 'Delete', does: 'Clear the field' },
    { keys: 'M', does: 'Choose a source from a list', single: true },
    { keys: 'N · P', does: 'Next problem, previous problem', single: true },
  ] },
]
