import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { KeyView } from '../../src/contracts/api.ts'
import { bhor, commandLine, newFolder, type Running } from '../support/at-the-terminal.ts'
import { type CommandBed, openCommandBed } from '../support/command-bed.ts'
import { onTerminal } from '../support/pseudo-terminal.ts'

const sh = (script: string) => ['--', 'sh', '-c', script]

/** The keys of runs, as `bhor keys list` knows them. */
async function runs({ world }: CommandBed): Promise<KeyView[]> {
  const { desk, operator } = world.app
  return (await desk.keys.list(operator)).filter(({ isRun }) => isRun)
}

async function logOut({ world }: CommandBed): Promise<void> {
  await world.app.desk.sessions.logout(world.app.operator, 'demo')
}

function lines(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s, 2) as [string, string]),
  )
}

test('exec: the session in the environment by all its names, a key of its own, and bhor runs inside', async () => {
  await using bed = await openCommandBed()
  const { world, env } = bed
  await world.logIn('demo')
  const { accessToken, apiKey, baseUrl } = JSON.parse(
    (await world.app.desk.sessions.handOut(world.app.operator, 'demo')).reveal(),
  )
  const own = { ...env, NO_PROXY: 'intranet', BHOR_LOG_LEVEL: 'error', KITE_ACCESS_TOKEN: 'of yesterday' }
  const { code, stdout, stderr } = await bhor(own, ['exec', 'demo', ...sh('env')])
  assert.deepEqual([code, stderr], [0, ''])
  const given = lines(stdout)
  assert.partialDeepStrictEqual(given, {
    BHOR_URL: bed.origin,
    BHOR_ACCOUNT: 'demo',
    BHOR_BROKER: 'kite',
    BHOR_KIND: 'sandbox',
    BHOR_GENERATION: '1',
    BHOR_ACCESS_TOKEN: accessToken,
    BHOR_BASE_URL: baseUrl,
    KITE_ACCESS_TOKEN: accessToken,
    ZERODHA_ACCESS_TOKEN: accessToken,
    KITE_API_KEY: apiKey,
    NO_PROXY: 'intranet,127.0.0.1,::1,localhost',
    PATH: env.PATH,
  })
  assert.ok(!('BHOR_LOG_LEVEL' in given) && !('KITE_API_SECRET' in given))
  assert.match(given.BHOR_KEY!, /^bhor_[\w-]{43}$/)
  assert.deepEqual(await runs(bed), [], 'its key has gone with it')

  const inside = await bhor(env, ['exec', 'demo', ...sh(`${commandLine} status; ${commandLine} keys list`)])
  assert.match(inside.stdout, /demo .*● active/)
  assert.match(inside.stderr, /This needs the right "admin"/, 'as its own key, not as the user')
  assert.equal(inside.code, 7)

  await world.addAccount({ account: 'papa', broker: 'upstox' })
  await world.logIn('papa')
  const upstox = lines((await bhor(env, ['exec', 'papa', ...sh('env')])).stdout)
  assert.equal(upstox.UPSTOX_ACCESS_TOKEN, upstox.BHOR_ACCESS_TOKEN)
  assert.deepEqual(Object.keys(JSON.parse(upstox.BHOR_HOSTS!)).sort(), ['api', 'orders'])
})

test('exec: the exit code is the program’s; 127, 126 and 128 + signal as in a shell', async () => {
  await using bed = await openCommandBed()
  const { env, world } = bed
  await world.logIn('demo')
  const plain = join(world.home, 'plain.txt')
  writeFileSync(plain, 'no program', { mode: 0o600 })
  const cases: [string[], number, RegExp][] = [
    [['--', 'sh', '-c', 'exit 7'], 7, /^$/],
    [['sh', '-c', 'exit 4'], 4, /^$/],
    [sh('kill -9 $$'), 137, /^$/],
    [sh('kill -TERM $$'), 143, /^$/],
    [['--', 'no-such-program'], 127, /There is no program no-such-program\.\n {6}Try: .*PATH/],
    [['--', `${plain}/x`], 127, /There is no program/],
    [['--', plain], 126, /cannot be run\.\n {6}Try: .*chmod \+x/],
    [['--', world.home], 126, /cannot be run/],
    [['--mask', '--', 'no-such-program'], 127, /There is no program/],
  ]
  for (const [args, code, said] of cases) {
    const ended = await bhor(env, ['exec', 'demo', ...args])
    assert.deepEqual([ended.code, ended.stdout], [code, ''], `${args.join(' ')}: ${ended.stderr}`)
    assert.match(ended.stderr, said)
  }
  assert.deepEqual(await runs(bed), [])
  const wrong = await bhor(env, ['exec', 'demo', '--signal-on-login', 'HOP', ...sh('true')])
  assert.deepEqual([wrong.code, /HUP/.test(wrong.stderr)], [2, true])
})

test('exec: without a session nothing is started: 4, 7 where a gate withholds, 5 while sealed, 3 for nobody', async () => {
  await using bed = await openCommandBed()
  const { env, world } = bed
  const { desk, operator } = world.app
  const started = join(world.home, 'started')
  const refused = async (code: number, account = 'demo', more: string[] = []) => {
    const ended = await bhor(env, ['exec', account, ...more, ...sh(`echo > '${started}'`)])
    assert.equal(ended.code, code, ended.stderr)
    assert.ok(!existsSync(started))
    assert.deepEqual(await runs(bed), [])
  }
  await refused(4)
  await world.logIn('demo')
  await refused(3, 'dmeo')
  await refused(4, 'demo', ['--min-life', '24h'])
  await desk.gates.set(operator, 'demo', { state: 'closed', withhold: true })
  await refused(7)
  await desk.gates.set(operator, 'demo', { state: 'open' })
  await desk.house.seal(operator, {})
  await refused(5)
  using folder = newFolder()
  const alone = await bhor(folder.env, ['exec', 'demo', ...sh(`echo > '${started}'`)])
  assert.deepEqual([alone.code, existsSync(started)], [6, false], alone.stderr)
})

test('exec: signals go on to the program, also to one that takes none of them', async () => {
  await using bed = await openCommandBed()
  await bed.world.logIn('demo')
  await using polite = await bed.follows([
    'exec',
    'demo',
    ...sh('trap "echo told; exit 3" TERM; echo up; while kill -0 $PPID; do sleep 0.02; done'),
  ])
  await polite.says(/up/, 'stdout')
  assert.deepEqual(await polite.stop('SIGTERM'), { code: 3, stdout: 'up\ntold\n', stderr: '' })

  await using deaf = await bed.follows([
    'exec',
    'demo',
    ...sh('trap "" TERM; trap "echo heard; exit 5" USR2; echo up; while kill -0 $PPID; do sleep 0.02; done'),
  ])
  await deaf.says(/up/, 'stdout')
  deaf.child.kill('SIGTERM')
  const { code, stdout } = await deaf.stop('SIGUSR2')
  assert.deepEqual([code, stdout], [5, 'up\nheard\n'], 'it went on until it ended by itself')
  assert.deepEqual(await runs(bed), [])
})

test('exec: Ctrl-C at a terminal reaches the program once', async () => {
  await using bed = await openCommandBed()
  await bed.world.logIn('demo')
  const script = 'trap "echo int" INT; echo up; sleep 0.4; sleep 0.4; echo end'
  const { stdout } = await onTerminal(
    `${commandLine} exec demo -- sh -c '${script}'; echo code $?`,
    bed.env,
    [[/up/, '\u0003']],
  )
  assert.equal(stdout.match(/int\r?$/gm)?.length, 1, stdout)
  assert.match(stdout, /end\r?\ncode 0/)
})

test('exec: killed with SIGKILL, its key ends half a minute later', async () => {
  await using bed = await openCommandBed()
  const { world } = bed
  await world.logIn('demo')
  await using running = await bed.follows(['exec', 'demo', ...sh('while kill -0 $PPID; do sleep 0.02; done')])
  const [key] = await runs(bed)
  assert.deepEqual([key?.name, key?.accounts], ['sh', ['demo']])
  const listed = await bhor(bed.env, ['keys', 'list'])
  assert.match(listed.stdout, / sh +status,read-token +demo .*valid, ends with its run$/m)
  await world.advance(60 * 60_000)
  assert.equal((await runs(bed)).length, 1, 'it lives as long as its program')
  await running.stop('SIGKILL')
  await until(async () => {
    await world.advance(10_000)
    return (await runs(bed)).length === 0
  })
})

/** Tries again until it is so. What never comes ends with the test’s own limit. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve))
}

test('exec --mask: neither token nor key in what it prints, however it prints it', async () => {
  await using bed = await openCommandBed()
  await bed.world.logIn('demo')
  const script = `
    printf 'ü%s|' "$BHOR_ACCESS_TOKEN"; echo "$BHOR_KEY" >&2
    printf %s "$BHOR_ACCESS_TOKEN" | cut -c1-9 | tr -d '\\n'; sleep 0.1; printf %s "$BHOR_ACCESS_TOKEN" | cut -c10-
    head -c 300000 /dev/zero | tr '\\0' x; echo end`
  const { code, stdout, stderr } = await bhor(bed.env, ['exec', 'demo', '--mask', ...sh(script)])
  assert.equal(code, 0)
  assert.equal(stdout, `ü***|***\n${'x'.repeat(300_000)}end\n`)
  assert.equal(stderr, '***\n')

  const part = await bhor(bed.env, [
    'exec',
    'demo',
    '--mask',
    ...sh('printf %.5s "$BHOR_ACCESS_TOKEN"; exec >&-; exit 6'),
  ])
  assert.deepEqual([part.code, part.stdout.length], [6, 5], 'what is no secret is kept')
  // Nobody reads any more: the program hears of it, and its end is waited for.
  const { stdout: told } = await onTerminal(
    `${commandLine} exec demo --mask -- sh -c 'yes 2>/dev/null; exit 9' | head -1; echo done`,
    { ...bed.env, NO_COLOR: '1' },
    [],
  )
  assert.match(told, /^y\r?\ndone/)
  assert.deepEqual(await runs(bed), [])
})

const showsGeneration =
  'echo "is $BHOR_GENERATION $BHOR_ACCESS_TOKEN"; while kill -0 $PPID; do sleep 0.02; done'

async function generationShown(running: Running, generation: number): Promise<string> {
  return running.says(new RegExp(`^is ${generation} (\\w+)$`, 'm'), 'stdout')
}

test('exec --restart-on-login: the next session, a program of its own, the same key', async () => {
  await using bed = await openCommandBed()
  const { world } = bed
  await world.logIn('demo')
  await using running = await bed.follows(['exec', 'demo', '--restart-on-login', ...sh(showsGeneration)])
  const first = await generationShown(running, 1)
  const [key] = await runs(bed)
  await logOut(bed)
  await world.logIn('demo')
  const second = await generationShown(running, 2)
  assert.notEqual(second, first)
  assert.deepEqual(
    (await runs(bed)).map(({ id }) => id),
    [key?.id],
  )

  // The desk starts again; what happens meanwhile is not missed.
  await bed.stop()
  await world.logIn('demo')
  await bed.startAgain()
  await generationShown(running, 3)

  // A session that is withheld is told, once, and taken as soon as it may be.
  const { desk, operator } = world.app
  await desk.gates.set(operator, 'demo', { state: 'closed', withhold: true })
  await world.logIn('demo')
  await running.says(/bhor: demo: Paused since .*\n {6}Try: .*bhor resume demo/)
  assert.ok(!running.stdout.includes('is 4'))
  await desk.gates.set(operator, 'demo', { state: 'open' })
  await generationShown(running, 4)
  const { code, stderr } = await running.stop('SIGTERM')
  assert.equal(code, 143)
  assert.equal(stderr.match(/^bhor:/gm)?.length, 1, stderr)
  assert.deepEqual(await runs(bed), [])
})

test('exec --restart-on-login: a program that ended by itself stays so', async () => {
  await using bed = await openCommandBed()
  await bed.world.logIn('demo')
  const { code, stdout } = await bhor(bed.env, [
    'exec',
    'demo',
    '--restart-on-login',
    ...sh('echo up; exit 8'),
  ])
  assert.deepEqual([code, stdout], [8, 'up\n'])
})

test('exec --signal-on-login: the program hears of it and takes the session itself', async () => {
  await using bed = await openCommandBed()
  const { world } = bed
  await world.logIn('demo')
  const script = `trap '${commandLine.replaceAll("'", '')} token demo' HUP; echo up; while kill -0 $PPID; do sleep 0.02; done`
  await using running = await bed.follows(['exec', 'demo', '--signal-on-login', 'hup', ...sh(script)])
  await running.says(/up/, 'stdout')
  await world.logIn('demo')
  const token = await running.says(/^(\w{32})$/m, 'stdout')
  const { accessToken } = JSON.parse(
    (await world.app.desk.sessions.handOut(world.app.operator, 'demo')).reveal(),
  )
  assert.equal(token, accessToken)
})

test('exec: with a key over TCP the program gets one that can do less; a revoked one ends it for both', async () => {
  await using bed = await openCommandBed()
  const { world } = bed
  await world.logIn('demo')
  const { desk, operator } = world.app
  const { key, view } = await desk.keys.add(operator, {
    name: 'x',
    scopes: ['status', 'read-token', 'pause'],
  })
  const env = { ...bed.env, BHOR_HOME: undefined, BHOR_URL: bed.origin, BHOR_KEY: key.reveal() }
  const inside = await bhor(env, [
    'exec',
    'demo',
    ...sh(`echo "$BHOR_KEY"; ${commandLine} pause demo; ${commandLine} token demo`),
  ])
  assert.equal(inside.code, 0, inside.stderr)
  assert.doesNotMatch(inside.stdout, new RegExp(key.reveal()))
  assert.match(inside.stderr, /This needs the right "pause"/)
  await using running = await bed.follows(['exec', 'demo', ...sh('echo up; read line; exit 2')], env)
  await running.says(/up/, 'stdout')
  await desk.keys.revoke(operator, view.id)
  assert.ok((await runs(bed)).every(({ revokedAt }) => revokedAt !== null))
})

test('exec: secrets behind -- are another program’s, a client key never is', async () => {
  await using bed = await openCommandBed()
  await bed.world.logIn('demo')
  const { code, stdout } = await bhor(bed.env, ['exec', 'demo', '--', 'echo', '--password', '--help'])
  assert.deepEqual([code, stdout], [0, '--password --help\n'])
  const [key] = [`bhor_${'k'.repeat(43)}`]
  assert.equal((await bhor(bed.env, ['exec', 'demo', '--', 'echo', key!])).code, 2)
  const script = join(bed.world.home, 'bot.sh')
  mkdirSync(join(bed.world.home, 'bin'))
  writeFileSync(script, '#!/bin/sh\nread line\n')
  chmodSync(script, 0o700)
  await using running = await bed.follows(['exec', 'demo', '--', 'sh', script, '--password=geheim'])
  assert.deepEqual(
    (await runs(bed)).map(({ name }) => name),
    ['sh bot.sh'],
  )
  await running.stop('SIGKILL')
})
