/** Where a bot's listener is. It decides nothing but which updates are new. */
export interface Memory {
  /** The number of the first update that was not handled; 0 as long as none came. */
  readonly next: number
  /** When the last one was handled. */
  readonly atMs: number
  /** It was told that nobody can listen. */
  readonly isFailing: boolean
}

/**
 * After a week without any, Telegram numbers updates anew from anywhere: https://core.telegram.org/bots/api#update. What was
 * handled before is long forgotten there.
 */
const numbersLastMs = 6 * 24 * 60 * 60_000

export const memoryName = (botId: string) => `chat.${botId}`

/** From one that was damaged, updates may come once more. */
export function memoryFrom(text: string | undefined): Memory {
  const fresh: Memory = { next: 0, atMs: 0, isFailing: false }
  try {
    const { next, atMs, isFailing } = JSON.parse(text ?? '{}') as Partial<Memory>
    if (!Number.isSafeInteger(next) || !Number.isSafeInteger(atMs))
      return { ...fresh, isFailing: isFailing === true }
    return { next: next!, atMs: atMs!, isFailing: isFailing === true }
  } catch {
    return fresh
  }
}

export function memoryText(memory: Memory): string {
  return JSON.stringify(memory)
}

/** From which update on to ask. */
export function nextOf({ next, atMs }: Memory, nowMs: number): number {
  return nowMs - atMs < numbersLastMs ? next : 0
}
