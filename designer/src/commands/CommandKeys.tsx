import { Keyboard, Search } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Button } from '../kit/controls'
import { paletteKey } from './keys'
import { movePane } from './panes'
import { singleKeys } from './singleKeys'

const CommandPalette = lazy(() => import('./CommandPalette').then(m => ({ default: m.CommandPalette })))
const KeyTable = lazy(() => import('./KeyTable').then(m => ({ default: m.KeyTable })))

/** The keys that work on every screen, and their buttons: whatever a key does can be pressed too. */
export function CommandKeys() {
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  useEffect(() => {
    const keys = (e: KeyboardEvent) => {
      // While a dialog or a menu is open, its own keys are the only ones.
      if (e.defaultPrevented || document.querySelector('.overlay, .popover')) return
      const inText = (e.target as HTMLElement | null)?.closest?.('input, textarea, select, [contenteditable="true"]') != null
      const done = () => { e.preventDefault(); e.stopPropagation() }
      // In the text of a Mac, Ctrl+K deletes to the end of the line.
      if ((e.metaKey || (e.ctrlKey && !(inText && /Mac/.test(navigator.platform)))) && !e.shiftKey && !e.altKey && e.key.toLowerCase() === 'k') { done(); setOpen('palette') }
      else if (e.key === '?' && !e.ctrlKey && !e.metaKey && !e.altKey && !inText && singleKeys.on()) { done(); setOpen('keys') }
      else if (e.key === 'F6' && !e.ctrlKey && !e.metaKey && !e.altKey) { if (movePane(e.shiftKey ? -1 : 1)) done() }
    }
    window.addEventListener('keydown', keys, true)
    return () => window.removeEventListener('keydown', keys, true)
  }, [])
  return <>
    <Button look="quiet" icon tip={`Go to or do (${paletteKey})`} onPress={() => setOpen('palette')}><Search size={17} /></Button>
    <Button look="quiet" icon tip="Keyboard (?)" onPress={() => setOpen('keys')}><Keyboard size={17} /></Button>
    <Suspense>
      {open === 'palette' && <CommandPalette onClose={() => setOpen(null)} onKeys={() => setOpen('keys')} />}
      {open === 'keys' && <KeyTable onClose={() => setOpen(null)} />}
    </Suspense>
  </>
}
