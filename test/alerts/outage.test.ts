import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fraction, seededRandom } from '../../src/core/random.ts'
import { type Received, startReceiver } from '../support/alerts/receiver.ts'
import { startPostgres } from '../support/postgres.ts'
import { openWorld } from '../support/world.ts'

const entry = fileURLToPath(new URL('../support/alerts/courier-process.ts', import.meta.url))
const isLong = process.env.LONG_TESTS === '1'
const postgres = await startPostgres()
after(() => postgres[Symbol.asyncDispose]())

interface Child {
  readonly process: ChildProcess
  /** Resolves with what it answers; undefined when it was killed before that. */
  ask(line: string): Promise<string | undefined>
  kill(): Promise<void>
}

async function start(home: string, databaseUrl: string, nowMs: number, made: number): Promise<Child> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    entry,
    home,
    databaseUrl,
    String(nowMs),
    String(made),
  ]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value as string | undefined
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.stdin!.on('error', () => {})
  assert.equal(await next(), 'open')
  return {
    process: child,
    ask(line) {
      child.stdin!.write(`${line}\n`)
      return next()
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

interface Notice {
  readonly type: string
  readonly data: { readonly title?: string; readonly alerts?: readonly Notice[] }
}
const titlesIn = ({ body }: Received): string[] => {
  const { data } = JSON.parse(body) as Notice
  return (data.alerts ?? [{ type: '', data }]).flatMap((one) => one.data.title ?? [])
}

const minuteMs = 60_000
const troubles = isLong ? 1_000 : 120
const kills = isLong ? 60 : 5
const stepMinutes = isLong ? 1 : 5

for (const engine of ['sqlite', 'postgres'] as const) {
  test(`${engine}: a receiver that is away for an hour, and a bhor that is killed again and again, lose nothing critical`, async (t) => {
    const random = seededRandom(`outage ${engine}`)
    const databaseUrl = engine === 'postgres' ? await postgres.freshDatabase() : ''
    let child: Child | undefined
    let killsLeft = kills
    /** What the receiver does with the next message; `dies`: bhor is killed while it waits for the answer. */
    let mood: 'well' | 'late' | 'dies' = 'well'
    let unanswered = 0
    const moods: string[] = []
    await using receiver = await startReceiver(() => {
      moods.push(mood)
      if (mood === 'well') return {}
      unanswered++
      if (mood === 'dies') child!.process.kill('SIGKILL')
      // The message is there; bhor never learns it.
      return { breaks: true }
    })
    await using world = await openWorld({
      start: '2026-11-23T05:00:00Z',
      env: { BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1' },
      ...(databaseUrl === '' ? {} : { databaseUrl }),
    })
    const { desk, operator } = world.app
    await desk.alerts.add(operator, {
      name: 'hook',
      kind: 'webhook',
      secrets: { url: `${receiver.url}/hook` },
    })
    const { home } = world
    await world.app[Symbol.asyncDispose]()
    let nowMs = world.clock.nowMs()
    let made = 0
    child = await start(home, databaseUrl, nowMs, made)
    const again = async () => {
      await child!.kill()
      // Whoever was killed is noticed by his lease only, where others could be alive.
      child = await start(home, databaseUrl, nowMs, made)
    }
    const pass = async (ms: number) => {
      const answer = await child!.ask(String(ms))
      nowMs += ms
      if (answer === undefined) await again()
      else assert.equal(answer, String(nowMs))
    }
    await receiver.stop()
    // An hour in which nobody is there.
    for (let minute = 0; minute < 60; minute += stepMinutes) {
      const count = Math.ceil((troubles / 60) * stepMinutes)
      if (made < troubles) {
        assert.equal(await child.ask(`trouble ${count}`), String(nowMs))
        made += count
      }
      await pass(stepMinutes * minuteMs)
      if (killsLeft > kills / 2 && fraction(random) < 0.3) {
        killsLeft--
        await again()
      }
    }
    assert.equal(receiver.received.length, 0)
    await receiver.start()
    // It comes back, and is not always in a good mood.
    const told = () => receiver.received.flatMap(titlesIn)
    let minutes = 0
    while (new Set(told()).size < made && minutes < 600) {
      const chance = fraction(random)
      mood = chance < 0.3 && killsLeft > 0 ? 'dies' : chance < 0.45 ? 'late' : 'well'
      const before = receiver.received.length
      await pass(minuteMs)
      if (mood === 'dies' && receiver.received.length > before) killsLeft--
      minutes++
    }
    mood = 'well'
    for (let quiet = 0; quiet < 4; quiet++) await pass(10 * minuteMs)
    await child.kill()
    const missing = Array.from({ length: made }, (_, at) => `trouble ${at}`).filter(
      (title) => !told().includes(title),
    )
    assert.deepEqual(missing, [])
    const times = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']))
    const shortest = Math.min(...times.slice(1).map((time, at) => time - times[at]!))
    assert.ok(shortest >= 60, `${shortest} s between two messages`)
    // A message comes twice where its answer was lost, under the same name.
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    const repeats = ids.length - new Set(ids).size
    const course = receiver.received.map(({ headers }, at) =>
      [headers['webhook-timestamp'], headers['webhook-id'], moods[at]].join(' '),
    )
    assert.equal(repeats, unanswered, course.join('\n'))
    const onceById = new Map(receiver.received.map((one) => [one.headers['webhook-id'], one]))
    const titles = [...onceById.values()].flatMap(titlesIn)
    assert.equal(titles.length, new Set(titles).size, 'twice under another name')
    t.diagnostic(
      `test 135: ${made} critical alerts, ${kills - killsLeft} kills, ${receiver.received.length} messages, ${made - new Set(told()).size} lost, ${repeats} repeated (${unanswered} unanswered), at least ${shortest} s apart`,
    )
  })
}
