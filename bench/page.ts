// What the page costs: its script, its first card, an update from the feed with many accounts, the requests of a login. See README.md.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { dashboardFolder } from '../src/cli/dashboard-folder.ts'
import type { Link } from '../src/contracts/api.ts'
import { launchBrowser } from '../test/support/browser.ts'
import { openDesk } from './support/desk.ts'
import { bounded, type Figure, median, printFigures, quantile, showProgress } from './support/figures.ts'

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '200' },
    live: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '20' },
  },
})
const accounts = Number(values.accounts)
const rounds = Number(values.rounds)
const kilobyte = 1024
/** By then what an update changes is on the screen. */
const updateMs = 1_000
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

await using desk = await openDesk()
await desk.start()
const names = Array.from({ length: accounts }, (_, at) => `demo${at + 1}`)
for (const [at, name] of names.entries()) {
  showProgress(`account ${at + 1} of ${accounts}`)
  await desk.addAccount(name)
  if (at < Number(values.live)) await desk.logIn(name)
}
await using browser = await launchBrowser()
const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
await context.addInitScript(() => {
  const seen = new MutationObserver(() => {
    if (document.querySelector('[data-account]') === null) return
    seen.disconnect()
    requestAnimationFrame(() => {
      Object.assign(globalThis, { firstCardMs: performance.now() })
    })
  })
  seen.observe(document, { childList: true, subtree: true })
})
const page = await context.newPage()
await page.goto(((await desk.ask('POST', '/v1/desk/link', {})) as Link).url)
await page.locator('[data-account]').first().waitFor()

const figures: Figure[] = [
  ...scripts(),
  await firstCard(page),
  ...(await updates(page)),
  await requestsOfLogin(page),
]
showProgress('')
printFigures(`The page with ${accounts} accounts, ${rounds} rounds`, figures)

/** What is loaded before anything is shown, and all that may come later. */
function scripts(): Figure[] {
  const folder = join(dashboardFolder, 'assets')
  const html = readFileSync(join(dashboardFolder, 'index.html'), 'utf8')
  const all = readdirSync(folder).filter((name) => name.endsWith('.js'))
  const kilobytes = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0) /
    kilobyte
  const first = kilobytes(all.filter((name) => html.includes(name)))
  return [
    bounded('JavaScript of the first page, gzip, KB', first, { atMost: 45 }),
    { name: 'all parts of it together, gzip, KB', measured: kilobytes(all).toFixed(1) },
  ]
}

/** From the start of the navigation to the frame with the first account, the browser's cache warm. */
async function firstCard(shown: Page): Promise<Figure> {
  const times = []
  for (let round = 0; round < rounds; round++) {
    showProgress(`first card, ${round + 1} of ${rounds}`)
    await shown.reload()
    times.push(
      await (
        await shown.waitForFunction(() => (globalThis as { firstCardMs?: number }).firstCardMs)
      ).jsonValue(),
    )
  }
  return bounded('first card after navigation, ms', median(times as number[]), { atMost: 300 })
}

/** A gate that closes and opens: how long the browser works for it, without what it does each second anyway. */
async function updates(shown: Page): Promise<Figure[]> {
  const devtools = await shown.context().newCDPSession(shown)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const work = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    const of = (wanted: string) => (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN) * 1_000
    return { script: of('ScriptDuration'), task: of('TaskDuration') }
  }
  const during = async (act: () => Promise<unknown>) => {
    const before = await work()
    await act()
    await sleep(updateMs)
    const after = await work()
    return { script: after.script - before.script, task: after.task - before.task }
  }
  const [name = ''] = names
  const idle = { script: [] as number[], task: [] as number[] }
  const busy = { script: [] as number[], task: [] as number[] }
  for (let round = 0; round < rounds * 2; round++) {
    showProgress(`update ${round + 1} of ${rounds * 2}`)
    const state = round % 2 === 0 ? 'closed' : 'open'
    const nothing = await during(() => desk.ask('GET', `/v1/accounts/${name}/gate`))
    const update = await during(() => desk.ask('PUT', `/v1/accounts/${name}/gate`, { state }))
    await shown.locator(`[data-account="${name}"][data-gate="${state}"]`).waitFor()
    for (const kind of ['script', 'task'] as const) {
      idle[kind].push(nothing[kind])
      busy[kind].push(update[kind])
    }
  }
  const script = busy.script.map((ms) => ms - median(idle.script))
  const task = busy.task.map((ms) => ms - median(idle.task))
  return [
    bounded('script of one update from the feed, p50, ms', median(script), { atMost: 16 }),
    { name: 'the same, p95, ms', measured: quantile(script, 0.95).toFixed(2) },
    { name: 'script, style and layout of one update, p50, ms', measured: median(task).toFixed(2) },
    {
      name: 'script of a second without news, ms',
      measured: (median(idle.script) * (1_000 / updateMs)).toFixed(2),
    },
  ]
}

/** What the page asks from the moment on in which the broker's page has led back. */
async function requestsOfLogin(shown: Page): Promise<Figure> {
  const counts = []
  for (let round = 0; round < 5; round++) {
    const callback = await desk.callbackFor(names[0]!)
    await shown.waitForTimeout(1_000)
    const asked: string[] = []
    const count = (request: { url(): string }) => void asked.push(request.url())
    shown.on('request', count)
    await fetch(callback)
    await shown.waitForTimeout(2_000)
    shown.off('request', count)
    if (asked.length > 2) process.stderr.write(`${asked.map((url) => new URL(url).pathname).join(' ')}\n`)
    counts.push(asked.length)
  }
  return bounded('requests after one finished login', Math.max(...counts), { atMost: 2 })
}
