/** Looks for a card for about half a second: its canvas may only just be coming, or moving to it. */
export function focusCard(key: string, frames = 40): void {
  const card = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
  if (card) card.focus({ preventScroll: true })
  if (document.activeElement !== card && frames > 0) requestAnimationFrame(() => focusCard(key, frames - 1))
}
