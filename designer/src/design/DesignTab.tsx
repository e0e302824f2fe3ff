import { PanelRightClose, PanelRightOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { useDocumentState } from '../document/context'
import { Button, Segments } from '../kit/controls'
import { yaml as yamlKeys } from '../commands/keys'
import { useOffer } from '../commands/offers'
import { Canvas } from './Canvas'
import { Settings } from './Settings'
import { YamlEditor } from './YamlEditor'

const wide = matchMedia('(min-width: 1101px)')

function useWide(): boolean {
  const [matches, set] = useState(wide.matches)
  useEffect(() => {
    const change = () => set(wide.matches)
    wide.addEventListener('change', change)
    return () => wide.removeEventListener('change', change)
  }, [])
  return matches
}

export function DesignTab() {
  const isWide = useWide()
  const [yaml, setYaml] = useState(localStorage.getItem('designer.yaml') !== 'closed')
  const [tab, setTab] = useState<'canvas' | 'yaml'>('canvas')
  const path = useDocumentState(s => s.path)
  const isFlow = useDocumentState(s => s.model?.value.steps !== undefined || s.broken)
  const show = (open: boolean) => { localStorage.setItem('designer.yaml', open ? 'open' : 'closed'); setYaml(open) }

  const yamlShown = isWide ? yaml : tab === 'yaml'
  useOffer({ title: 'View', commands: isFlow ? [{ id: 'yaml', title: yamlShown ? (isWide ? 'Close the YAML' : 'Show the canvas') : 'Show the YAML', run: () => (isWide ? show(!yaml) : setTab(yamlShown ? 'canvas' : 'yaml')) }] : [] })

  if (!isFlow) return <main className="design-one"><YamlPane path={path} /></main>
  if (!isWide) {
    return (
      <main className="design-narrow">
        <div className="subbar" data-pane=""><Segments<"canvas" | "yaml"> label="View" value={tab} onChange={setTab} choices={[{ id: 'canvas', label: 'Canvas' }, { id: 'yaml', label: 'YAML' }]} /></div>
        {tab === 'yaml' ? <YamlPane path={path} /> : <div className="design-pair"><Canvas /><Settings /></div>}
      </main>
    )
  }
  return (
    <main className="design-wide">
      <Group orientation="horizontal" className="panels">
        <Panel minSize="320px" className="pane"><Canvas tools={!yaml && <Button look="quiet" size="small" onPress={() => show(true)}><PanelRightOpen size={15} aria-hidden />YAML</Button>} /></Panel>
        <Separator className="separator" />
        <Panel defaultSize="320px" minSize="260px" maxSize="560px" className="pane"><Settings /></Panel>
        {yaml && <><Separator className="separator" /><Panel defaultSize="34%" minSize="280px" maxSize="60%" className="pane"><YamlPane path={path} onClose={() => show(false)} /></Panel></>}
      </Group>
    </main>
  )
}

function YamlPane({ path, onClose }: { path: string; onClose?: () => void }) {
  const broken = useDocumentState(s => s.broken)
  useOffer({ title: 'YAML', keys: [yamlKeys] })
  return (
    <section className="yaml-pane" aria-label="YAML" data-pane=".cm-content">
      <div className="subbar"><code className="cut grow">{path}</code>{broken && <span className="state warn">The canvas shows the last text that could be read</span>}{onClose && <Button look="quiet" size="small" icon tip="Close the YAML" onPress={onClose}><PanelRightClose size={15} /></Button>}</div>
      <YamlEditor />
    </section>
  )
}

