import { encode } from 'uqr'

interface QrProps {
  readonly text: string
  /** What a screen reader says of it. */
  readonly label: string
}

/** A code that a phone's camera reads: dark on white also where the page is dark, with the quiet border that readers want. */
export function QrCode({ text, label }: QrProps) {
  const { size, data } = encode(text, { border: 4 })
  const path = data
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('')
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={path} />
    </svg>
  )
}
