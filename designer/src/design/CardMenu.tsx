import { useRef } from 'react'
import { Keyboard, Menu, MenuItem, Popover, Text } from 'react-aria-components'

export type CardAction = 'settings' | 'add-before' | 'add-after' | 'cut' | 'copy' | 'paste' | 'duplicate' | 'up' | 'down' | 'collapse' | 'delete'

export const cardActions: { id: CardAction; label: string; keys: string; step: boolean }[] = [
  { id: 'settings', label: 'Settings', keys: 'Enter', step: false },
  { id: 'add-before', label: 'Add a step before', keys: 'Shift+A', step: true },
  { id: 'add-after', label: 'Add a step after', keys: 'A', step: false },
  { id: 'up', label: 'Move up', keys: 'Alt+↑', step: true },
  { id: 'down', label: 'Move down', keys: 'Alt+↓', step: true },
  { id: 'copy', label: 'Copy', keys: 'Ctrl+C', step: true },
  { id: 'cut', label: 'Cut', keys: 'Ctrl+X', step: true },
  { id: 'paste', label: 'Paste after', keys: 'Ctrl+V', step: true },
  { id: 'duplicate', label: 'Duplicate', keys: 'Ctrl+D', step: true },
  { id: 'collapse', label: 'Hide or show its steps', keys: '', step: true },
  { id: 'delete', label: 'Delete', keys: 'Delete', step: true },
]

export function CardMenu({ at, isStep, canPaste, hasLanes, onAction, onClose }: { at: { x: number; y: number }; isStep: boolean; canPaste: boolean; hasLanes: boolean; onAction(action: CardAction): void; onClose(): void }) {
  const anchor = useRef<HTMLSpanElement>(null)
  return (
    <>
      <span ref={anchor} style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }} />
      <Popover className="popover menu" triggerRef={anchor} isOpen onOpenChange={open => { if (!open) onClose() }} placement="bottom start">
        <Menu aria-label="Step" autoFocus="first" onAction={id => { onClose(); onAction(id as CardAction) }} disabledKeys={canPaste ? [] : ['paste']}>
          {cardActions.filter(item => (isStep || !item.step) && (item.id !== 'collapse' || hasLanes)).map(item => <MenuItem key={item.id} id={item.id} className="option" textValue={item.label}><Text slot="label" className="cut">{item.label}</Text>{item.keys && <Keyboard><small>{item.keys}</small></Keyboard>}</MenuItem>)}
        </Menu>
      </Popover>
    </>
  )
}
