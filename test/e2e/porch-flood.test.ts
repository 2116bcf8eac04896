import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { exchange, readReply } from '../../src/cli/wire.ts'
import type { AuditView, HandOut } from '../../src/contracts/api.ts'
import { newToken } from '../../src/core/ids.ts'
import { seededRandom } from '../../src/core/random.ts'
import { logIn, newFolder, startServer } from '../support/at-the-terminal.ts'

const isLong = process.env.LONG_TESTS === '1'
const perSecond = isLong ? 1_000 : 300
const seconds = isLong ? 60 : 3
/** Three times what is promised on a machine that does nothing else. */
const longestP99Ms = 60

/** Posts to a path that there is not. @returns the status */
function post(porch: string, path: string, agent: Agent): Promise<number> {
  const { hostname, port } = new URL(porch)
  const headers = { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path, method: 'POST', headers, agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    asking.on('error', reject).end('{}')
  })
}

test('a flood of posts at the porch: tokens are handed out as ever, and what was dropped is counted', async (t) => {
  using folder = newFolder()
  const env = { ...folder.env, BHOR_PORCH_PORT: '0' }
  await using server = await startServer(env)
  const porch = await server.says(/The porch is open at (\S+)/)
  const ask = async <T>(method: string, path: string, body?: object) =>
    readReply(await exchange({ path: join(folder.home, 'bhor.sock') }, method, path, { body })) as T
  await ask('POST', '/v1/accounts', { account: 'demo', broker: 'kite', kind: 'sandbox' })
  assert.equal((await logIn(env, 'demo')).code, 0)
  const token = () => ask<HandOut>('GET', '/v1/accounts/demo/session')
  const { accessToken } = await token()

  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const random = seededRandom('a flood')
  const statuses = new Map<number, number>()
  let isOver = false
  const took: number[] = []
  const reading = (async () => {
    while (!isOver) {
      const begunMs = performance.now()
      assert.equal((await token()).accessToken, accessToken)
      took.push(performance.now() - begunMs)
      await delay(10)
    }
  })()
  const begunMs = performance.now()
  const posting: Promise<void>[] = []
  for (let sent = 0; sent < perSecond * seconds; ) {
    const due = Math.min(((performance.now() - begunMs) / 1_000) * perSecond, perSecond * seconds)
    for (; sent < due; sent++)
      posting.push(
        post(porch, `/hooks/upstox/${newToken(random)}`, agent).then((status) => {
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        }),
      )
    await delay(5)
  }
  await Promise.all(posting)
  isOver = true
  await reading
  agent.destroy()
  const looked = statuses.get(404) ?? 0
  const dropped = statuses.get(429) ?? 0
  assert.equal(looked + dropped, perSecond * seconds, JSON.stringify([...statuses]))
  // What is counted is written down within ten seconds, or at the end.
  assert.equal((await server.stop('SIGTERM')).code, 0)
  await using _again = await startServer(env)
  const records = await ask<AuditView[]>('GET', '/v1/audit?limit=1000')
  const told = records
    .filter(({ action, code }) => action === 'login.notify' && code === 'not_found')
    .reduce((sum, { detail }) => sum + Number(detail.times ?? 1), 0)
  assert.equal(told, looked + dropped)
  const p99 = took.toSorted((a, b) => a - b)[Math.floor(took.length * 0.99)]!
  assert.ok(p99 <= (isLong ? longestP99Ms : 5_000), `p99 ${p99} ms`)
  t.diagnostic(
    `test 112: ${looked + dropped} posts in ${seconds} s, ${looked} looked at, ${dropped} turned away, all of them counted; ${took.length} hand-outs meanwhile, 0 failed, p99 at most ${isLong ? longestP99Ms : 5_000} ms`,
  )
})
