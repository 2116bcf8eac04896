import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operator } from '../../support/domain.ts'
import { minute, type Run, type Scenario } from '../scenario.ts'

const made = new Set<string>()
process.once('exit', () => {
  for (const path of made) rmSync(path, { force: true })
})
/** Beside the data folder, which is a new one for each run. */
function pathOf({ home }: Run): string {
  const path = join(home, '..', `${home.split('/').at(-1)}.broker-config.json`)
  made.add(path)
  return path
}
const add = (run: Run) =>
  run.domain.desk.mirrors.add(operator, { account: 'demo', path: pathOf(run), format: 'broker-config' })
const tokenIn = (run: Run) =>
  (JSON.parse(readFileSync(pathOf(run), 'utf8')) as { api_secret: string }).api_secret

/** However it went: after a while the file has the session that there is, and a record says so. */
async function isInStep(run: Run): Promise<void> {
  await run.pass(20 * minute)
  const view = await run.view()
  const [mirror] = await run.domain.desk.mirrors.list(operator)
  if (!mirror || view.status !== 'active') return
  assert.deepEqual([mirror.state, mirror.generation, mirror.fault], ['written', view.generation, null])
  assert.equal(tokenIn(run), (await run.handOut()).accessToken)
  assert.ok((await run.recorded('mirror.write_start')) >= 1, 'I5 a token left without its record')
}

/** Files that are kept in step. */
export const mirrors: readonly Scenario[] = [
  {
    name: 'a mirror that is added',
    arrange: (run) => run.logIn(),
    act: add,
    check: isInStep,
  },
  {
    name: 'a login whose session is mirrored',
    async act(run) {
      await add(run)
      await run.logIn()
      await run.domain.desk.keeper.look()
    },
    check: isInStep,
  },
  {
    name: 'a token that was put into a mirror is given up',
    async arrange(run) {
      await run.logIn()
    },
    async act(run) {
      await add(run)
      const theirs = JSON.stringify({ type: 'kite', api_secret: 'PUTBYHAND', mine: 1 })
      writeFileSync(pathOf(run), theirs, { mode: 0o600 })
      const [mirror] = await run.domain.desk.mirrors.list(operator)
      await run.domain.desk.mirrors.sync(operator, mirror!.id, { foreign: 'overwrite' })
    },
    async check(run) {
      await run.pass(20 * minute)
      await run.domain.desk.mirrors.look()
      const [mirror] = await run.domain.desk.mirrors.list(operator)
      if (!mirror) return
      // Either nobody has decided yet, and it stands there untouched; or the session does.
      const token = tokenIn(run)
      const ours = (await run.handOut()).accessToken
      assert.ok(token === ours || (token === 'PUTBYHAND' && mirror.state === 'conflict'), mirror.state)
      if (run.isDone) assert.equal(token, ours)
    },
  },
]
