/** Where the focus was last in each pane: coming back finds it again. */
const remembered = new WeakMap<Element, HTMLElement>()

function shown(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-pane], main.page')].filter(pane => pane.getClientRects().length > 0)
}

/** Moves to the next or previous pane of the screen; false where there is none to move to. */
export function movePane(by: 1 | -1): boolean {
  const panes = shown()
  if (panes.length === 0) return false
  const here = document.activeElement instanceof HTMLElement ? document.activeElement : null
  const at = panes.findIndex(pane => pane.contains(here))
  if (at >= 0 && here && here !== panes[at]) remembered.set(panes[at]!, here)
  const to = panes[at < 0 ? (by === 1 ? 0 : panes.length - 1) : (at + by + panes.length) % panes.length]!
  const before = remembered.get(to)
  const target = (before && before !== document.body && to.contains(before) ? before : null) ?? entry(to)
  if (target) target.focus()
  else {
    // A pane without anything to press is focused itself: its name is read, its text can be scrolled.
    to.tabIndex = -1
    to.focus()
  }
  return true
}

const entry = (pane: HTMLElement) => {
  const named = pane.dataset.pane
  return (named ? pane.querySelector<HTMLElement>(named) : null) ?? [...pane.querySelectorAll<HTMLElement>('a[href], button, input, textarea, [tabindex="0"]')].find(x => x.tabIndex >= 0 && !x.hasAttribute('disabled') && x.getClientRects().length > 0)
}
