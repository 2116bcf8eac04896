interface Shared<News> {
  /** The same in all tabs that share. */
  readonly name: string
  /** Brings news as long as it likes; it runs in one tab at a time. When that one is closed, another goes on. */
  readonly lead: (tell: (news: News) => void, signal: AbortSignal) => Promise<void>
  /** Called in every tab, with all that is told while it listens. */
  readonly hear: (news: News) => void
  readonly signal: AbortSignal
}

/**
 * One tab asks, all tabs hear: a browser has six connections to an address, and a request that waits for news holds one of
 * them. Where the browser cannot share, each tab asks for itself.
 *
 * @returns when `signal` aborts or, in the tab that leads, when `lead` has ended
 */
export async function oneForAll<News>({ name, lead, hear, signal }: Shared<News>): Promise<void> {
  const { locks } = navigator as { locks?: LockManager }
  if (locks === undefined || typeof BroadcastChannel === 'undefined') return lead(hear, signal)
  const channel = new BroadcastChannel(name)
  channel.onmessage = (event: MessageEvent<News>) => hear(event.data)
  const tell = (news: News) => {
    channel.postMessage(news)
    hear(news)
  }
  try {
    await locks.request(name, { signal }, () => lead(tell, signal))
  } catch {
    // A browser that has locks and gives none.
    if (!signal.aborted) await lead(hear, signal)
  } finally {
    channel.close()
  }
}
