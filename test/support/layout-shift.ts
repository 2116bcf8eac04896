import type { Page } from 'playwright-core'

interface Shifts {
  /** The layout shift score of the Web Vitals. */
  shift: number
  /** The classes of what moved. */
  moved: string[]
}

/** Has what moves without having been touched counted by the browser. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    type Shift = PerformanceEntry & {
      value: number
      hadRecentInput: boolean
      sources: { node: Element | null }[]
    }
    const seen: Shifts = { shift: 0, moved: [] }
    Object.assign(globalThis, { seen })
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[]) {
        if (hadRecentInput) continue
        seen.shift += value
        seen.moved.push(...sources.map(({ node }) => node?.className ?? ''))
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

/** How far what is shown has moved since it was asked last. */
export async function shiftsOf(page: Page): Promise<Shifts> {
  return page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: Shifts }
    const { shift, moved } = seen
    Object.assign(seen, { shift: 0, moved: [] })
    return { shift, moved }
  })
}
