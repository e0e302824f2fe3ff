const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })
const steps: [Intl.RelativeTimeFormatUnit, number][] = [['second', 60], ['minute', 60], ['hour', 24], ['day', 30], ['month', 12], ['year', Infinity]]

export function ago(at: string, now = Date.now()): string {
  let amount = (new Date(at).getTime() - now) / 1000
  if (Math.abs(amount) < 5) return 'just now'
  for (const [unit, size] of steps) {
    if (Math.abs(amount) < size) return relative.format(Math.round(amount), unit)
    amount /= size
  }
  return exact.format(new Date(at))
}

export const Ago = ({ at }: { at: string | null | undefined }) => (at ? <time dateTime={at} title={exact.format(new Date(at))}>{ago(at)}</time> : <span className="quiet-text">Never</span>)
export const At = ({ at }: { at: string }) => <time dateTime={at}>{exact.format(new Date(at))}</time>

export const duration = (from: string, to: string): string => span(new Date(to).getTime() - new Date(from).getTime())

export function span(ms: number): string {
  return ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`
}
