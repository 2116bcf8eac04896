import assert from 'node:assert/strict'
import { operator } from '../../support/domain.ts'
import type { Run, Scenario } from '../scenario.ts'

const gateOf = async ({ domain }: Run) => (await domain.desk.gates.get(operator, 'demo')).reason
const pause = ({ domain }: Run, more = {}) =>
  domain.desk.gates.set(operator, 'demo', { state: 'closed', reason: 'lunch', ...more })
const kill = ({ domain }: Run) => domain.desk.gates.setHouse(operator, { state: 'closed', reason: 'fire' })
const logIn = (run: Run) => run.logIn()

async function logInAnd(run: Run, then: (run: Run) => Promise<unknown>): Promise<void> {
  await run.logIn()
  await then(run)
}
/** Whatever was done or not: what is told of last is what holds. */
async function agrees(run: Run, reason: string, action: string): Promise<void> {
  const isSo = (await gateOf(run)) === reason
  if (run.isDone) assert.ok(isSo, `${reason} was confirmed`)
  assert.equal((await run.recorded(action)) > 0, isSo, 'the record and the gate differ')
}

export const stops: readonly Scenario[] = [
  {
    name: 'a pause',
    arrange: logIn,
    act: (run) => pause(run),
    check: (run) => agrees(run, 'paused', 'gate.pause'),
  },
  {
    name: 'a pause that withholds tokens',
    arrange: logIn,
    act: (run) => pause(run, { withhold: true }),
    async check(run) {
      await agrees(run, 'paused', 'gate.pause')
      if (run.isDone) await assert.rejects(run.handOut(), { code: 'gate_closed' })
    },
  },
  {
    name: 'a pause that is lifted',
    arrange: (run) => logInAnd(run, (paused) => pause(paused, { withhold: true })),
    act: ({ domain }) => domain.desk.gates.set(operator, 'demo', { state: 'open' }),
    async check(run) {
      if (run.isDone) assert.notEqual(await gateOf(run), 'paused')
      if (run.isDone) await run.handOut()
    },
  },
  {
    name: 'the kill switch',
    arrange: logIn,
    act: kill,
    async check(run) {
      await agrees(run, 'killed', 'gate.kill')
      if (run.isDone) await assert.rejects(run.handOut(), { code: 'gate_closed' })
    },
  },
  {
    name: 'the kill switch that is lifted',
    arrange: (run) => logInAnd(run, kill),
    act: ({ domain }) => domain.desk.gates.setHouse(operator, { state: 'open' }),
    async check(run) {
      if (run.isDone) assert.notEqual(await gateOf(run), 'killed')
      if (run.isDone) await run.handOut()
    },
  },
]
