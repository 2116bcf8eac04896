const drawings = {
  ring: 'M8 3a5 5 0 1 0 0 10A5 5 0 1 0 8 3z',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  question: 'M5.8 6a2.2 2.2 0 1 1 3.3 1.9C8.3 8.4 8 8.8 8 9.6M8 12.3h.01',
  tick: 'M3.5 8.5l3 3 6-7',
  triangle: 'M8 3l5.5 10h-11zM8 7v2.5',
  moon: 'M12.5 9.8A5 5 0 1 1 6.6 3.4a4 4 0 0 0 5.9 6.4z',
  dash: 'M4 8h8',
  cross: 'M4 4l8 8M12 4l-8 8',
} as const
export type Shape = keyof typeof drawings
export type Tone = 'green' | 'amber' | 'red' | 'grey'

/** A colour, a shape and a word, any one of which is enough. */
export interface Look {
  readonly tone: Tone
  readonly shape: Shape
  readonly word: string
}

/** @param isStatus a screen reader says it when it changes */
export function Badge({
  look: { tone, shape, word },
  isStatus,
}: {
  readonly look: Look
  readonly isStatus?: boolean | undefined
}) {
  return (
    <span class="badge" data-tone={tone} data-shape={shape} role={isStatus ? 'status' : undefined}>
      <svg class="badge-shape" viewBox="0 0 16 16" aria-hidden="true">
        <path d={drawings[shape]} />
      </svg>
      {word}
    </span>
  )
}
