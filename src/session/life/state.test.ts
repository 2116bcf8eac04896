import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bed, openBed } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { SessionStatus } from '../../contracts/api.ts'
import { isBhorError } from '../../core/errors.ts'
import { transitions } from './state.ts'

/** What the account should be, kept beside the real one. */
interface Model {
  status: SessionStatus
  generation: number
  /** Logins that were started and wait. */
  open: string[]
  seen: Set<string>
}
type Real = Bed

const minuteMs = 60_000

/** Looks at the real account after a command: the change is one that the table knows, and the model agrees. */
async function look(model: Model, bed: Real): Promise<void> {
  const view = await bed.account()
  const next: readonly SessionStatus[] = transitions[model.status]
  if (view.status !== model.status) {
    assert.ok(next.includes(view.status), `${model.status} → ${view.status} is not in the table`)
    model.seen.add(`${model.status} → ${view.status}`)
  }
  assert.equal(view.generation, model.generation, 'the generation rises with a session and never else')
  const given = await bed.domain.desk.sessions.handOut(operator, 'demo', {}).then(
    () => true,
    (error) => {
      assert.ok(isBhorError(error), String(error))
      return false
    },
  )
  // A session in doubt is asked about before it leaves: what the answer was counts.
  const { status } = await bed.account()
  if (status !== view.status) {
    const after: readonly SessionStatus[] = transitions[view.status]
    assert.ok(after.includes(status), `${view.status} → ${status} is not in the table`)
    model.seen.add(`${view.status} → ${status}`)
  }
  model.status = status
  assert.equal(given, status === 'active' || status === 'expiring', `hand-out while ${status}`)
}

/** One command: what it does to the real account; the model learns what it must. */
function command(
  name: string,
  run: (model: Model, bed: Real) => Promise<void>,
): fc.AsyncCommand<Model, Real> {
  return {
    check: () => true,
    async run(model, bed) {
      await run(model, bed)
      await look(model, bed)
    },
    toString: () => name,
  }
}

const start = command('start', async (model, bed) => {
  if (model.open.length >= 10) return
  const { login } = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
  model.open.push(login)
})
const logIn = command('log in', async (model, bed) => {
  // Ten open logins are the limit.
  for (const login of model.open.splice(0)) await bed.domain.desk.logins.cancel(operator, 'demo', login)
  const view = await bed.domain.logIn('demo')
  assert.equal(view.status === 'active' || view.status === 'expiring', true)
  model.generation++
})
const cancel = command('cancel', async (model, bed) => {
  const login = model.open.pop()
  if (login !== undefined) await bed.domain.desk.logins.cancel(operator, 'demo', login)
})
const kill = command('kill and test', async (_model, bed) => {
  const { apiKey } = await bed.account()
  bed.simulator.killSession(bed.broker, apiKey)
  await bed.domain.desk.sessions
    .test(operator, 'demo')
    .catch((error) => assert.match(error.code, /^(session_|needs_login)/))
})
const logout = command('log out', async (_model, bed) => {
  await bed.domain.desk.sessions
    .logout(operator, 'demo')
    .catch((error) => assert.match(error.code, /^(session_|needs_login)/))
})
const lose = command('lose an answer', async (model, bed) => {
  for (const login of model.open.splice(0)) await bed.domain.desk.logins.cancel(operator, 'demo', login)
  bed.simulator.faults.add({ kind: 'answer_lost', match: { method: 'POST' } })
  await assert.rejects(bed.domain.logIn('demo'), { code: 'answer_lost' })
})
const restart = command('restart', async (_model, bed) => void (await bed.reopen()))
const advance = (minutes: number) =>
  command(`wait ${minutes} min`, async (_model, bed) => {
    await bed.clock.advance(minutes * minuteMs)
    if (minutes % 2 === 0) await bed.domain.desk.keeper.look()
  })

const commands = [
  fc.constant(start),
  fc.constant(logIn),
  fc.constant(cancel),
  fc.constant(kill),
  fc.constant(logout),
  fc.constant(lose),
  fc.constant(restart),
  fc.integer({ min: 1, max: 30 }).map(advance),
  fc.integer({ min: 60, max: 30 * 60 }).map(advance),
]

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: every change of the status is in the table, whatever is done in whatever order`, async (t) => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 30 }), async (run) => {
        await using bed = await openBed(broker)
        const model: Model = { status: 'none', generation: 0, open: [], seen }
        await fc.asyncModelRun(() => ({ model, real: bed }), run)
        assert.equal((await bed.domain.desk.audit.verify(operator)).intact, true)
        assert.deepEqual((await bed.domain.store.intents.open()).records, [])
      }),
      { numRuns: 60, seed: 20261123 },
    )
    t.diagnostic(`${seen.size} kinds of change seen`)
  })
}
