import { Check, ChevronDown, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Button as AriaButton, ComboBox, Dialog as AriaDialog, FieldError, Heading, Input, Label, ListBox, ListBoxItem, Modal, ModalOverlay, Popover, SearchField, Select, SelectValue, Switch as AriaSwitch, Text, TextArea, TextField as AriaTextField,
  Tooltip, TooltipTrigger, type ButtonProps,
} from 'react-aria-components'

type Look = 'primary' | 'quiet' | 'danger' | 'plain'

export function Button({ look = 'plain', size, icon, tip, className, children, ...rest }: ButtonProps & { look?: Look; size?: 'small'; icon?: boolean; tip?: string; children: ReactNode }) {
  const button = <AriaButton {...rest} aria-label={rest['aria-label'] ?? (icon ? tip : undefined)} className={['button', look, size, icon && 'icon', typeof className === 'string' && className].filter(Boolean).join(' ')}>{children}</AriaButton>
  if (!tip) return button
  return <TooltipTrigger delay={500}>{button}<Tooltip className="tooltip" offset={4}>{tip}</Tooltip></TooltipTrigger>
}

export interface Choice { id: string; label: string; help?: string }

export function Choose({ label, hideLabel, choices, value, onChange, placeholder, help, isDisabled, error }: {
  label: string; hideLabel?: boolean; choices: Choice[]; value: string | null; onChange(value: string): void; placeholder?: string; help?: ReactNode; isDisabled?: boolean; error?: string | null
}) {
  return (
    <Select className="field" aria-label={hideLabel ? label : undefined} value={value} onChange={key => onChange(String(key))} placeholder={placeholder ?? 'Not set'} isDisabled={isDisabled} isInvalid={!!error}>
      {!hideLabel && <Label>{label}</Label>}
      <AriaButton className="input select-button"><SelectValue>{({ selectedText, defaultChildren }) => selectedText || defaultChildren}</SelectValue><ChevronDown size={15} aria-hidden /></AriaButton>
      {help && <Text slot="description" className="help">{help}</Text>}
      {error && <FieldError>{error}</FieldError>}
      <Popover className="popover"><ListBox className="list" items={choices}>{(choice: Choice) => <ListBoxItem className="option" id={choice.id} textValue={choice.label}>{({ isSelected }) => <><span className="cut">{choice.label}{choice.help && <><br /><small>{choice.help}</small></>}</span>{isSelected && <Check size={14} aria-hidden />}</>}</ListBoxItem>}</ListBox></Popover>
    </Select>
  )
}

export function Pick({ label, hideLabel, choices, value, onChange, placeholder, help, error, clears = false, loading = false }: {
  label: string; hideLabel?: boolean; choices: Choice[]; value: string; onChange(value: string): void; placeholder?: string; help?: ReactNode; error?: string | null
  /** An empty field is a value too. */
  clears?: boolean
  /** The choices are on their way: the list opens all the same, and fills. */
  loading?: boolean
}) {
  return (
    <ComboBox className="field" aria-label={hideLabel ? label : undefined} key={value} defaultInputValue={value} allowsCustomValue menuTrigger="focus" allowsEmptyCollection={loading} isInvalid={!!error}
      defaultItems={choices} onChange={key => key !== null && onChange(String(key))}
      onBlur={e => { const typed = (e.target as HTMLInputElement).value; if (typed !== undefined && typed !== value && (typed !== '' || clears)) onChange(typed) }}>
      {!hideLabel && <Label>{label}</Label>}
      <div className="combo"><Input className="input" placeholder={placeholder} /><AriaButton className="button" aria-label={`Show choices of ${label}`}><ChevronDown size={15} aria-hidden /></AriaButton></div>
      {help && <Text slot="description" className="help">{help}</Text>}
      {error && <FieldError>{error}</FieldError>}
      <Popover className="popover"><ListBox className="list" renderEmptyState={() => <div className="option quiet-text">Reading</div>}>{(choice: Choice) => <ListBoxItem className="option" id={choice.id} textValue={choice.label}><span className="cut">{choice.label}</span>{choice.help && <small>{choice.help}</small>}</ListBoxItem>}</ListBox></Popover>
    </ComboBox>
  )
}

export function TextField({ label, hideLabel, value, onCommit, placeholder, help, error, mono, isRequired, autoFocus, isDisabled, type }: {
  label: string; hideLabel?: boolean; value: string; onCommit(value: string): void; placeholder?: string; help?: ReactNode; error?: string | null; mono?: boolean; isRequired?: boolean; autoFocus?: boolean; isDisabled?: boolean; type?: 'password'
}) {
  return (
    <AriaTextField className="field" key={value} defaultValue={value} aria-label={hideLabel ? label : undefined} isInvalid={!!error} isRequired={isRequired} isDisabled={isDisabled} validationBehavior="aria">
      {!hideLabel && <Label>{label}{isRequired && <span className="error" aria-hidden>*</span>}</Label>}
      <Input className={'input' + (mono ? ' mono' : '')} placeholder={placeholder} autoFocus={autoFocus} spellCheck={false} type={type}
        onBlur={e => { if (e.target.value !== value) onCommit(e.target.value) }}
        onKeyDown={e => { if (e.key === 'Enter') { e.preventDefault(); if (e.currentTarget.value !== value) onCommit(e.currentTarget.value) } }} />
      {help && <Text slot="description" className="help">{help}</Text>}
      {error && <FieldError>{error}</FieldError>}
    </AriaTextField>
  )
}

/** A field whose value the screen follows on every key. */
export function LiveField({ label, value, onChange, placeholder, help, error, lines, autoFocus, type, hideLabel }: {
  label: string; value: string; onChange(value: string): void; placeholder?: string; help?: ReactNode; error?: string | null; lines?: number; autoFocus?: boolean; type?: 'password'; hideLabel?: boolean
}) {
  return (
    <AriaTextField className="field" value={value} onChange={onChange} isInvalid={!!error} aria-label={hideLabel ? label : undefined} validationBehavior="aria">
      {!hideLabel && <Label>{label}</Label>}
      {lines ? <LongText lines={lines} placeholder={placeholder} autoFocus={autoFocus} /> : <Input className="input" placeholder={placeholder} autoFocus={autoFocus} type={type} />}
      {help && <Text slot="description" className="help">{help}</Text>}
      {error && <FieldError>{error}</FieldError>}
    </AriaTextField>
  )
}

const LongText = ({ lines, ...rest }: { lines: number; placeholder?: string; autoFocus?: boolean }) => <TextArea className="input mono" rows={lines} spellCheck={false} {...rest} />

export function Switch({ children, isSelected, onChange, isDisabled }: { children: ReactNode; isSelected: boolean; onChange(value: boolean): void; isDisabled?: boolean }) {
  return <AriaSwitch className="switch" isSelected={isSelected} onChange={onChange} isDisabled={isDisabled}><span className="track" />{children}</AriaSwitch>
}

export function SearchBox({ label, value, onChange, autoFocus }: { label: string; value: string; onChange(value: string): void; autoFocus?: boolean }) {
  return <SearchField className="search" aria-label={label} value={value} onChange={onChange} autoFocus={autoFocus}><Search size={15} aria-hidden /><Input className="input" placeholder={label} /></SearchField>
}

export function Segments<T extends string>({ label, choices, value, onChange }: { label: string; choices: { id: T; label: string }[]; value: T; onChange(value: T): void }) {
  return <div className="segments" role="group" aria-label={label}>{choices.map(choice => <button key={choice.id} type="button" aria-pressed={choice.id === value} onClick={() => onChange(choice.id)}>{choice.label}</button>)}</div>
}

export function Dialog({ title, isOpen, onClose, children, foot, wide, className }: { title: string; isOpen: boolean; onClose(): void; children: ReactNode; foot?: ReactNode; wide?: boolean; className?: string }) {
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={open => { if (!open) onClose() }} isDismissable>
      <Modal className={['dialog', wide && 'wide', className].filter(Boolean).join(' ')}>
        <AriaDialog><div className="head"><Heading slot="title" level={2}>{title}</Heading></div><div className="body">{children}</div>{foot && <div className="foot">{foot}</div>}</AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
