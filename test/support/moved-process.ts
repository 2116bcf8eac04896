// `bhor serve` as a process whose clock stands still: it moves when the parent says so. What was due by then is done before
// it answers, so that nobody has to wait for it by a clock of the machine's.
import type { App } from '../../src/app/open.ts'
import { serveCommand } from '../../src/cli/commands/serve.ts'
import { exitCodeOf, tellFaults } from '../../src/cli/outcome.ts'
import { ManualClock } from '../../src/core/clock.ts'

/** How many milliseconds pass. */
export interface ToMoved {
  readonly pass: number
}
export interface FromMoved {
  readonly nowMs: number
}

const clock = new ManualClock(Temporal.Instant.fromEpochMilliseconds(Number(process.argv[2])))

function obey({ desk }: App): void {
  process.on('message', ({ pass }: ToMoved) => {
    const work = async () => {
      await clock.advance(pass)
      await desk.keeper.look()
      if (desk.context.alerting) {
        await desk.reminders.look()
        await desk.watch.look()
        await desk.courier.look()
      }
      process.send?.({ nowMs: clock.nowMs() } satisfies FromMoved)
    }
    void work()
  })
}

tellFaults()
process.exitCode = await exitCodeOf(async () => {
  await serveCommand({ clock, opened: obey }).parseAsync([], { from: 'user' })
  return 0
})
