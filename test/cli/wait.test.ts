import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountView } from '../../src/contracts/api.ts'
import { bhor, commandLine, json, newFolder } from '../support/at-the-terminal.ts'
import { openCommandBed } from '../support/command-bed.ts'
import { onTerminal } from '../support/pseudo-terminal.ts'

test('wait: at once for a live account; as soon as it is, for any other; no login is started', async () => {
  await using bed = await openCommandBed()
  const { world, env } = bed
  await using waiting = await bed.follows(['wait', 'demo'])
  await using telling = await bed.follows(['wait', '--json', 'demo'])
  const starts = async () =>
    (await world.app.desk.audit.list(world.app.operator, { limit: 99 })).filter(
      ({ action }) => action === 'login.start',
    ).length
  assert.equal(await starts(), 0)
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  await world.logIn('papa')
  assert.equal(waiting.child.exitCode, null, 'the session of another')
  await world.logIn('demo')
  assert.deepEqual(await waiting.ended, { code: 0, stdout: '', stderr: '' })
  const told = json<AccountView>(await telling.ended)
  assert.deepEqual([told.account, told.status, told.generation], ['demo', 'active', 1])
  for (const args of [['demo'], ['demo', '--timeout=0s'], ['--timeout', '30m', 'papa']])
    assert.deepEqual(await bhor(env, ['wait', ...args]), { code: 0, stdout: '', stderr: '' })
  assert.equal(await starts(), 2)
})

test('wait: 124 when the time is over, 3 for an account that is not or is no more, 2 for a time that is none', async () => {
  await using bed = await openCommandBed()
  const { world, env } = bed
  const late = await bhor(env, ['wait', 'demo', '--timeout', '1s'])
  assert.deepEqual([late.code, late.stdout], [124, ''])
  assert.match(
    late.stderr,
    /^bhor: demo is not ready after 1s\. No session yet\..*\n {6}Try: .*bhor status demo/,
  )
  const unknown = await bhor(env, ['wait', 'dmeo', '--timeout', '9s'])
  assert.deepEqual([unknown.code, unknown.stdout], [3, ''])
  assert.match(unknown.stderr, /Did you mean demo\?/)
  for (const wrong of ['30', '25h']) {
    const { code, stderr } = await bhor(env, ['wait', 'demo', `--timeout=${wrong}`])
    assert.deepEqual([code, /30m/.test(stderr)], [2, true], stderr)
  }
  await using waiting = await bed.follows(['wait', 'demo'])
  await world.app.desk.accounts.remove(world.app.operator, 'demo')
  assert.equal((await waiting.ended).code, 3)
})

test('wait and status --watch need a server, and say so', async () => {
  using folder = newFolder()
  for (const args of [
    ['wait', 'demo'],
    ['wait', 'demo', '--timeout', '1s', '--gate'],
    ['status', '--watch'],
  ]) {
    const { code, stdout, stderr } = await bhor(folder.env, args)
    assert.deepEqual([code, stdout], [6, ''])
    assert.match(stderr, /^bhor: No bhor server at unix:.*bhor\.sock\.\n {6}Try: Start it: bhor serve\.\n$/)
  }
})

test('wait: a server that is started again in between is waited for, and nothing is missed', async () => {
  await using bed = await openCommandBed()
  await using waiting = await bed.follows(['wait', 'demo'])
  await bed.stop()
  await bed.world.logIn('demo')
  assert.equal(waiting.child.exitCode, null)
  await bed.startAgain()
  assert.deepEqual(await waiting.ended, { code: 0, stdout: '', stderr: '' })

  await bed.world.app.desk.sessions.logout(bed.world.app.operator, 'demo')
  await using again = await bed.follows(['wait', 'demo'])
  await bed.stop()
  await bed.startAgain()
  await bed.followed()
  await bed.world.logIn('demo')
  assert.equal((await again.ended).code, 0)
})

test('wait: with a key over TCP; one that is revoked meanwhile ends it', async () => {
  await using bed = await openCommandBed()
  const { world } = bed
  const add = async (name: string, accounts: string[]) => {
    const { desk, operator } = world.app
    const { key, view } = await desk.keys.add(operator, { name, scopes: ['status'], accounts })
    return {
      id: view.id,
      env: { ...bed.env, BHOR_HOME: undefined, BHOR_URL: bed.origin, BHOR_KEY: key.reveal() },
    }
  }
  const [good, bad] = [await add('good', ['demo']), await add('bad', ['demo'])]
  await using waiting = await bed.follows(['wait', 'demo'], good.env)
  await using revoked = await bed.follows(['wait', 'demo'], bad.env)
  await world.app.desk.keys.revoke(world.app.operator, bad.id)
  const { code, stderr } = await revoked.ended
  assert.equal(code, 7, stderr)
  await world.logIn('demo')
  assert.deepEqual(await waiting.ended, { code: 0, stdout: '', stderr: '' })
})

test('wait: a server that takes requests and answers none does not outlast the time', async () => {
  await using bed = await openCommandBed()
  const { desk } = bed.world.app
  const get = desk.accounts.get.bind(desk.accounts)
  desk.accounts.get = () => new Promise(() => {})
  const { code, stderr } = await bhor(bed.env, ['wait', 'demo', '--timeout', '1s'])
  assert.equal(code, 124, stderr)
  desk.accounts.get = get
})

test('status --watch on a terminal: in its place, only what changed, and Ctrl-C leaves it as it was', async () => {
  await using bed = await openCommandBed()
  const { world, env } = bed
  const isFollowing = bed.followed()
  const esc = '\u001b'
  const shown: [RegExp, string][] = [
    [/○ none/, ''],
    [/● active/, '\u0003'],
  ]
  const watching = onTerminal(`${commandLine} status --watch; echo code $?`, { ...env, NO_COLOR: '1' }, shown)
  await isFollowing
  await world.logIn('demo')
  const { stdout } = await watching
  assert.match(stdout, /code 0/)
  assert.ok(stdout.startsWith(`${esc}[?25l${esc}[?7l`), JSON.stringify(stdout.slice(0, 40)))
  assert.ok(stdout.includes(`${esc}[?7h${esc}[?25h`))
  assert.ok(stdout.includes(`${esc}[2F`), 'it goes back to its first line')
  for (const wiped of ['[2J', '[H', '[3J', '[?1049h']) assert.ok(!stdout.includes(esc + wiped), wiped)
})

test('status --watch into a pipe: plain lines, again at each change, and Ctrl-C is no failure', async () => {
  await using bed = await openCommandBed()
  await using watching = await bed.follows(['status', '--watch'])
  await watching.says(/○ none/, 'stdout')
  await bed.world.logIn('demo')
  await watching.says(/● active/, 'stdout')
  const { code, stdout, stderr } = await watching.stop('SIGINT')
  assert.deepEqual([code, stderr], [0, ''])
  assert.ok(!stdout.includes('\u001b'), stdout)
})
