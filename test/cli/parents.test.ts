import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bhor, commandLine, newFolder, start, startServer } from '../support/at-the-terminal.ts'
import { onTerminal } from '../support/pseudo-terminal.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

async function isUp(origin: string): Promise<boolean> {
  return fetch(`${origin}/healthz`).then(
    ({ status }) => status === 200,
    () => false,
  )
}

/** Whether the port is free again within some seconds. */
async function ends(origin: string, withinMs = 8_000): Promise<boolean> {
  for (const limit = Date.now() + withinMs; Date.now() < limit; await new Promise((r) => setTimeout(r, 100)))
    if (!(await isUp(origin))) return true
  return false
}

test('nohup bhor serve & outlives its terminal; without nohup it ends with it', async () => {
  using folder = newFolder()
  const log = join(folder.home, 'log')
  const waiting = `while ! grep -q 'is up at' ${log}; do sleep 0.1; done`
  await onTerminal(`nohup ${commandLine} serve > ${log} 2>&1 & echo $! > ${log}.pid; ${waiting}`, folder.env)
  const [, origin = ''] = /is up at (\S+)/.exec(readFileSync(log, 'utf8')) ?? []
  const pid = Number(readFileSync(`${log}.pid`, 'utf8'))
  try {
    process.kill(pid, 'SIGHUP')
    await new Promise((resolve) => setTimeout(resolve, 500))
    assert.ok(await isUp(origin))
  } finally {
    process.kill(pid, 'SIGTERM')
  }
  assert.ok(await ends(origin))

  const seen = `${log}.seen`
  await onTerminal(
    `${commandLine} serve 2> ${seen} & sleep 0.1; while ! grep -q 'is up at' ${seen}; do sleep 0.1; done; kill -HUP $!; wait`,
    folder.env,
  )
  assert.ok(await ends(/is up at (\S+)/.exec(readFileSync(seen, 'utf8'))?.[1] ?? ''))
})

test('a server whose parent had a channel to it ends in order when that parent is gone', async () => {
  using folder = newFolder()
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'src/cli/bhor.ts'), 'serve'],
    {
      env: folder.env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  )
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.includes('is up at') && child.connected) child.disconnect()
  })
  const [code] = (await once(child, 'exit')) as [number]
  assert.equal(code, 0, said)
  assert.match(said, /its parent has gone/)
})

/** `npm start` in a process group of its own, once its server is up. */
async function npmStart(env: NodeJS.ProcessEnv) {
  const npm = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  let said = ''
  const origin = await new Promise<string>((resolve, reject) => {
    npm.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const [, found] = /is up at (\S+)/.exec(said) ?? []
      if (found) resolve(found)
    })
    npm.once('close', () => reject(new Error(said)))
  })
  const script = scriptBelow(npm.pid!)
  const group = -npm.pid!
  return {
    origin,
    npm: npm.pid!,
    script,
    server: childrenOf(script)[0]!,
    [Symbol.dispose]() {
      try {
        process.kill(group, 'SIGKILL')
      } catch {
        // All of it has ended.
      }
    },
  }
}

// Not SIGINT to npm alone: npm gives it to a shell that keeps it until its command ends, so that nothing was stopped at all.
suite('npm start leaves neither its port nor its lock behind', { concurrency: 3 }, () => {
  for (const [who, signal] of [
    ['npm', 'SIGTERM'],
    ['npm', 'SIGHUP'],
    ['npm', 'SIGKILL'],
    ['the script', 'SIGTERM'],
    ['the script', 'SIGINT'],
    ['the script', 'SIGKILL'],
    ['the whole group', 'SIGINT'],
    ['the whole group', 'SIGHUP'],
    ['the whole group', 'SIGKILL'],
  ] as const) {
    test(`${signal} to ${who}`, async () => {
      using folder = newFolder()
      using started = await npmStart(folder.env)
      const { origin, npm, script, server } = started
      assert.ok(await isUp(origin))
      process.kill({ npm, 'the script': script, 'the whole group': -npm }[who], signal)
      assert.ok(await ends(origin), 'the port is still held')
      for (const pid of [script, server]) assert.ok(await isGone(pid), `${pid} goes on`)
      // Here, in a process of its own: it could not if somebody held the folder.
      assert.equal((await bhor(folder.env, ['status'])).code, 0)
    })
  }

  test('a terminal that is closed', async () => {
    using folder = newFolder()
    const log = join(folder.home, 'log')
    const terminal = spawn('script', ['-qefc', `cd '${root}' && npm start 2> ${log}`, '/dev/null'], {
      env: { ...folder.env, SHELL: '/bin/bash' },
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const found = () => existsSync(log) && /is up at (\S+)/.exec(readFileSync(log, 'utf8'))?.[1]
    while (!found()) await new Promise((resolve) => setTimeout(resolve, 100))
    const origin = String(found())
    assert.ok(await isUp(origin))
    // Whoever holds the other end of the terminal is gone: the system hangs up.
    terminal.kill('SIGKILL')
    assert.ok(await ends(origin), 'the port is still held')
    assert.equal((await bhor(folder.env, ['status'])).code, 0)
  })
})

test('a server that waits for its passphrase ends with its parent too', async () => {
  using folder = newFolder()
  const passphrase = join(folder.home, 'passphrase')
  writeFileSync(passphrase, 'correct horse battery staple', { mode: 0o600 })
  const env = { ...folder.env, BHOR_KEY_SOURCE: 'passphrase' }
  assert.equal((await bhor({ ...env, BHOR_PASSPHRASE_FILE: passphrase }, ['status'])).code, 0)
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'src/cli/bhor.ts'), 'serve'],
    { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  )
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('waits for the passphrase')) child.disconnect()
  })
  const [code] = (await once(child, 'exit')) as [number]
  assert.equal(code, 1)
  assert.equal((await bhor({ ...env, BHOR_PASSPHRASE_FILE: passphrase }, ['status'])).code, 0)
})

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
}

/** Whether a process has ended, even if nobody has asked for its exit code yet. */
async function isGone(pid: number, withinMs = 5_000): Promise<boolean> {
  for (const limit = Date.now() + withinMs; Date.now() < limit; await new Promise((r) => setTimeout(r, 100)))
    if (!existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
      return true
  return false
}

/** The process of scripts/start.mjs, below npm or below the shell that npm started. */
function scriptBelow(pid: number): number {
  for (const child of childrenOf(pid))
    return /start\.mjs/.test(readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0')[1] ?? '')
      ? child
      : scriptBelow(child)
  throw new Error('npm has no child.')
}

test('npm start takes the right to write core dumps away, and doctor tells where it is left', async () => {
  using folder = newFolder()
  const npm = spawn('npm', ['start'], { cwd: root, env: folder.env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve) =>
    npm.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('is up at')) resolve()
    }),
  )
  const script = scriptBelow(npm.pid!)
  const server = childrenOf(script)[0]!
  const limits = readFileSync(`/proc/${server}/limits`, 'utf8')
  assert.match(limits, /Max core file size\s+0\s+0\s/)
  npm.kill()
  await once(npm, 'exit')
})

test('a server without a terminal does not mind SIGHUP', async () => {
  using folder = newFolder()
  await using server = await startServer(folder.env)
  server.child.kill('SIGHUP')
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.ok(await isUp(server.origin))
  await using simulator = start(['simulator', '--port', '0'], folder.env, '')
  await simulator.says(/http:\/\//, 'stderr')
  assert.equal((await simulator.stop('SIGTERM')).code, 0)
})
