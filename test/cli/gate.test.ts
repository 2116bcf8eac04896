import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountGate, AccountView, GateView } from '../../src/contracts/api.ts'
import { bhor, json, logIn, newFolder, startServer } from '../support/at-the-terminal.ts'

const anyIso = /\d{4}-\d\d-\d\dT\d\d:\d\d/

test('pause, resume and kill: what programs and people see, also after a restart and without a server', async () => {
  using folder = newFolder()
  const { env } = folder
  const run = (...args: string[]) => bhor(env, args)
  {
    await using _server = await startServer(env)
    await run('accounts', 'add', 'demo', '--broker', 'kite', '--sandbox')
    assert.equal((await logIn(env, 'demo')).code, 0)
    const paused = await run('pause', 'demo', '--reason', 'budget day')
    assert.deepEqual([paused.code, paused.stdout], [0, ''], paused.stderr)
    assert.match(
      paused.stderr,
      /^demo: gate closed\. Paused since .* IST by the command line: “budget day”\./,
    )
    assert.match(paused.stderr, /bhor resume demo/)
    assert.doesNotMatch(paused.stderr, anyIso)
    assert.equal((await run('token', 'demo')).code, 0, 'a plain pause is advice')
    assert.equal((await run('pause', 'demo', '--withhold')).code, 0)
    const refused = await run('token', 'demo')
    assert.deepEqual([refused.code, refused.stdout], [7, ''])
    assert.match(
      refused.stderr,
      /^bhor: demo: Paused .*“budget day”\. Tokens that can place orders are refused\.\n/,
    )
    const all = await run('status')
    assert.match(all.stdout, /GATE\n.*closed: paused\n$/)
    assert.match((await run('status', 'demo')).stdout, /^gate: +closed\. Paused since .* IST/m)
  }
  // Nobody serves: the commands open the folder themselves.
  const killed = json<GateView>(await run('kill', '--reason', 'runaway bot', '--json'))
  assert.deepEqual([killed.state, killed.reason], ['closed', 'killed'])
  assert.match(killed.since ?? '', anyIso, 'machines read UTC')
  await using _server = await startServer(env)
  assert.equal((await run('token', 'demo')).code, 7)
  const resumed = json<AccountGate>(await run('resume', 'demo', '--json'))
  assert.deepEqual([resumed.state, resumed.reason, resumed.account], ['closed', 'killed', 'demo'])
  const undone = await run('kill', '--undo')
  assert.match(undone.stderr, /^gate open\. Nobody has stopped trading/)
  assert.equal((await run('token', 'demo')).code, 0)
  const audit = (await run('audit', '--limit', '200', '--json')).stdout
  for (const action of ['gate.pause', 'gate.kill', 'gate.resume', 'gate.unkill', 'gate.change'])
    assert.ok(audit.includes(action), action)
})

test('what cannot be meant is refused by name', async () => {
  using folder = newFolder()
  const { env } = folder
  await bhor(env, ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox'])
  for (const [args, code, said] of [
    [['pause', 'demo', '--until', '25:00'], 2, /no time of day.*\n.*Write 15:30/],
    [['pause', 'demo', '--until', '2020-01-01 10:00'], 2, /until is over already/],
    [['pause', 'demo', '--reason', 'x'.repeat(201)], 2, /at most 200 characters/],
    [['pause', 'demo', '--reason', 'a\u0007b'], 2, /one line of at most 200/],
    [['pause', 'nobody'], 3, /no account of this name/],
    [['resume', 'dmo'], 3, /Did you mean demo/],
    [['pause'], 2, /Missing required argument/],
    [['kill', '--undo', '--until', '15:30'], 2, /--until belongs to a stop/],
    [['kill', '--until', '2026-13-01 10:00'], 2, /no time of day/],
  ] as const) {
    const { code: got, stdout, stderr } = await bhor(env, [...args])
    assert.deepEqual([got, stdout], [code, ''], `${args.join(' ')}: ${stderr}`)
    assert.match(stderr, said)
  }
  const view = json<AccountView>(await bhor(env, ['status', 'demo', '--json']))
  assert.equal(view.gate.reason, 'session_none', 'nothing was stored')
})
