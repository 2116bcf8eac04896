// A bhor with one channel, in a process of its own that can be killed. Its clock stands still until it is told to move: a
// line on stdin is a number of milliseconds to pass, or `trouble N` for so many alerts; it answers with its time.
import { createInterface } from 'node:readline'
import { openApp } from '../../../src/app/open.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { ManualClock } from '../../../src/core/clock.ts'
import { toBhorError } from '../../../src/core/errors.ts'
import { alertOf } from '../../../src/session/alerts/rules.ts'
import { change } from '../../../src/session/ground/change.ts'

const [, , home = '', databaseUrl = '', startMs = '0', first = '0'] = process.argv
/** A service that failed by itself, between two lines: what it was at comes again, and nobody would know why. */
let failure: string | undefined
const clock = new ManualClock(Temporal.Instant.fromEpochMilliseconds(Number(startMs)))
await using app = await openApp({
  config: loadConfig({
    env: {
      BHOR_HOME: home,
      BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1',
      ...(databaseUrl === '' ? {} : { BHOR_DATABASE_URL: databaseUrl }),
    },
    flags: { port: 0 },
  }),
  clock,
  leaseClock: clock,
  log(level, _text, facts) {
    if (level === 'error') failure ??= toBhorError(facts?.err).code
  },
})
const { context, courier } = app.desk
const pieceMs = 10_000
let made = Number(first)
async function trouble(count: number): Promise<void> {
  await change(context, async (c) => {
    c.tell({ actor: { kind: 'keeper', id: '' }, action: 'session.doubt', result: 'ok' })
    for (let at = 0; at < count; at++, made++) {
      const alert = alertOf('notice', null, clock.nowMs(), {
        severity: 'critical',
        title: `trouble ${made}`,
        cause: '',
      })
      c.alert({ alert })
    }
  })
}
process.stdout.write('open\n')
for await (const line of createInterface({ input: process.stdin })) {
  const [, count] = /^trouble (\d+)$/.exec(line) ?? []
  try {
    if (count !== undefined) await trouble(Number(count))
    else {
      // In pieces that are shorter than the time-out of a message: whoever answers at once is not late.
      for (let left = Number(line); left > 0; left -= pieceMs) {
        await clock.advance(Math.min(pieceMs, left))
        await courier.look()
      }
    }
    process.stdout.write(`${failure ?? clock.nowMs()}\n`)
  } catch (error) {
    process.stdout.write(`${toBhorError(error).code}\n`)
  }
}
