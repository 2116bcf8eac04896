import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { transformWithOxc } from 'vite'
import {
  bhor,
  commandLine,
  type Ended,
  entryAddress,
  freePort,
  logIn,
  newFolder,
  start,
  startServer,
} from '../support/at-the-terminal.ts'

const sandbox = ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox']

/** One sentence, one next step, nothing on stdout, no stack. */
function assertRefused({ code, stdout, stderr }: Ended, exit: number, said: RegExp, hint = /./): void {
  assert.deepEqual([code, stdout], [exit, ''], stderr)
  const [, sentence = '', next = ''] = /^bhor: (.*)\n {6}Try: (.*)$/m.exec(stderr) ?? []
  assert.match(sentence, said)
  assert.match(next, hint)
  assert.doesNotMatch(stderr, /\n\s+at |node:internal|\.ts:\d/)
}

test('a port that is in use, or is none', async () => {
  using folder = newFolder()
  const taken = createServer()
  const port = await freePort()
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve))
  const inUse = await bhor({ ...folder.env, BHOR_PORT: String(port) }, ['serve'])
  assertRefused(inUse, 1, new RegExp(`^Port ${port} is in use by another program`), /another port/)
  taken.close()
  for (const wrong of ['65536', '-1', 'x', '80.5', ''])
    assertRefused(
      await bhor(folder.env, ['serve', `--port=${wrong}`]),
      2,
      /--port must be a whole number|argument missing/,
    )
})

test('the debugger stays shut: SIGUSR1 opens nothing and ends nothing', async () => {
  using folder = newFolder()
  await using server = await startServer(folder.env)
  server.child.kill('SIGUSR1')
  server.child.kill('SIGUSR1')
  assert.equal((await fetch(`${server.origin}/healthz`)).status, 200)
  const { code, stderr } = await server.stop('SIGTERM')
  assert.equal(code, 0)
  assert.doesNotMatch(stderr, /Debugger|inspector|ws:\/\//i)
})

test('a proxy in the environment is said to be ignored, and is', async () => {
  using folder = newFolder()
  const dead = `http://127.0.0.1:${await freePort()}`
  const env = {
    ...folder.env,
    HTTPS_PROXY: dead.replace('//', '//me:canary@'),
    HTTP_PROXY: dead,
    NODE_USE_ENV_PROXY: '1',
  }
  await using server = await startServer(env)
  assert.match(server.stderr, /HTTPS_PROXY is set, but bhor ignores it/)
  assert.ok(!server.stderr.includes('canary'))
  await bhor(env, sandbox)
  assert.equal((await logIn({ ...folder.env }, 'demo')).code, 0)
  assert.equal((await bhor(env, ['test', 'demo'])).code, 0)
})

test('root and a strange time zone are said once, at the start of the server', async () => {
  using folder = newFolder()
  await using server = await startServer({ ...folder.env, TZ: 'Mars/Olympus' })
  assert.equal(/runs as root/.test(server.stderr), process.getuid?.() === 0)
  assert.match(server.stderr, /TZ names no time zone/)
  const status = await bhor({ ...folder.env, TZ: 'Mars/Olympus' }, ['status'])
  assert.deepEqual([status.code, /root|TZ/.test(status.stderr)], [0, false])
})

test('a master key in the environment: only when allowed, said to be visible, never shown', async () => {
  using folder = newFolder()
  const textOf = (bytes: Uint8Array) => `bhor-master-key:v1:${Buffer.from(bytes).toString('base64')}`
  const [key, other] = [textOf(randomBytes(32)), textOf(randomBytes(32))]
  const env = { ...folder.env, BHOR_MASTER_KEY: key }
  assertRefused(await bhor(env, ['serve']), 5, /stands in the environment/, /BHOR_ALLOW_ENV_KEY=true/)
  const allowed = { ...env, BHOR_ALLOW_ENV_KEY: 'true' }
  {
    await using server = await startServer(allowed)
    assert.match(server.stderr, /child processes and \/proc can see it/)
    assert.ok(!server.stderr.includes(key))
    await server.stop('SIGTERM')
  }
  const refused = async (value: string, said: RegExp) => {
    const ended = await bhor({ ...allowed, BHOR_MASTER_KEY: value }, ['status'])
    assertRefused(ended, 5, said)
    assert.ok(!ended.stderr.includes(value), ended.stderr)
  }
  await refused(other, /not the key|store key/i)
  await refused('SomethingShort', /does not begin with bhor-master-key/)
  await refused(textOf(randomBytes(31)), /31 bytes/)
  await refused(textOf(new Uint8Array(32)), /all zeros/)
  await refused(textOf(Buffer.alloc(32, 'ab')), /low entropy/)
  await refused(` ${key}`, /spaces around it/)
  const file = join(folder.home, 'other.key')
  writeFileSync(file, `${other}\n`, { mode: 0o600 })
  const twice = await bhor({ ...allowed, BHOR_MASTER_KEY_FILE: file }, ['status'])
  assertRefused(twice, 5, /given twice \(master key file .*other\.key and environment\)/, /Keep one/)
  assert.equal((await bhor(allowed, ['status'])).code, 0)
})

test('a data folder that cannot be: named, whatever is in its place', async () => {
  using folder = newFolder()
  const file = join(folder.home, 'file')
  writeFileSync(file, '')
  for (const home of [file, join(file, 'below')]) {
    const ended = await bhor({ ...folder.env, BHOR_HOME: home }, ['status'])
    assertRefused(ended, 5, /^The data folder .*\/file.* cannot be made/, /Set BHOR_HOME/)
  }
  const long = join(folder.home, 'x'.repeat(120))
  assertRefused(
    await bhor({ ...folder.env, BHOR_HOME: long }, ['serve']),
    2,
    /too long for a socket/,
    /shorter path/,
  )
  assert.equal((await bhor({ ...folder.env, BHOR_HOME: long }, ['status'])).code, 0)
})

test('no HOME, and a working folder that was deleted', async () => {
  using folder = newFolder()
  assert.equal(
    (await bhor({ ...folder.env, HOME: undefined, XDG_STATE_HOME: undefined }, ['status'])).code,
    0,
  )
  const gone = join(folder.home, 'gone')
  mkdirSync(gone)
  const shell = `cd '${gone}' && rmdir '${gone}' && ${commandLine} status --json`
  const stdout = await new Promise<string>((resolve, reject) =>
    execFile('/bin/sh', ['-c', shell], { env: folder.env }, (error, out) =>
      error ? reject(error) : resolve(out),
    ),
  )
  assert.deepEqual(JSON.parse(stdout), [])
})

test('a store that is empty, a folder, cut off or foreign is refused and left as it is', async () => {
  for (const [make, said] of [
    [(path: string) => writeFileSync(path, '', { mode: 0o600 }), /is empty and is not a bhor store/],
    [(path: string) => writeFileSync(path, 'hello', { mode: 0o600 }), /is not a bhor store/],
    [(path: string) => mkdirSync(path), /is a folder, not a bhor store/],
    [(path: string) => writeFileSync(path, '', { mode: 0o644 }), /is open to other users: chmod 600/],
  ] as const) {
    using folder = newFolder()
    make(join(folder.home, 'bhor.db'))
    for (const args of [['status'], ['serve'], ['token', 'demo']])
      assertRefused(await bhor(folder.env, args), 5, said)
  }
})

test('a runtime that is too old is told before anything is touched', async () => {
  using folder = newFolder()
  for (const [name, version, said] of [
    ['node', '20.20.2', /needs Node 26\.5\.1 or newer; this is 20\.20\.2/],
    ['node', '26.5.0', /this is 26\.5\.0/],
    ['sqlite', '3.51.2', /needs SQLite 3\.51\.3 or newer; this is 3\.51\.2/],
  ] as const) {
    const preload = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,${name}:'${version}'}})`
    const env = { ...folder.env, NODE_OPTIONS: `--import="${preload.replaceAll('"', '%22')}"` }
    assertRefused(await bhor(env, ['status']), 1, said)
  }
  rmSync(join(folder.home, 'bhor.db'), { force: true })
})

test('a fault that nobody caught ends the command without its text and without a stack', async () => {
  using folder = newFolder()
  const faults = [
    "process.nextTick(()=>setImmediate(()=>{throw new Error('canary')}))",
    "setImmediate(()=>{Promise.reject(new Error('canary'))})",
    "setImmediate(()=>{throw 'canary'})",
  ]
  const wrapper = join(folder.home, 'faulty.mjs')
  for (const fault of faults) {
    writeFileSync(
      wrapper,
      `setTimeout(() => {${fault}}, 500); await import(${JSON.stringify(entryAddress)})`,
      { mode: 0o600 },
    )
    // Waits for an address that never comes.
    await using running = start(['simulator', '--port', '0'], folder.env, undefined, wrapper)
    const ended = await running.ended
    assert.equal(ended.code, 1, ended.stderr)
    assert.match(ended.stderr, /bhor: Something inside bhor went wrong\./)
    assert.doesNotMatch(ended.stderr, /canary|\n\s+at /)
  }
})

test('Ctrl-C and SIGTERM while an address is awaited: cancelled, and the login is taken back', async () => {
  using folder = newFolder()
  await using _server = await startServer(folder.env)
  await bhor(folder.env, sandbox)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    await using login = start(['login', 'demo', '--paste'], folder.env)
    await login.says(/paste the address/)
    assertRefused(
      await login.stop(signal),
      2,
      /^Cancelled\. The broker login was not finished; demo is: none\.$/,
    )
  }
})

test('talk is without colour where nobody sees it', async () => {
  using folder = newFolder()
  for (const env of [folder.env, { ...folder.env, NO_COLOR: '1' }, { ...folder.env, TERM: 'dumb' }]) {
    await bhor(env, sandbox)
    for (const args of [
      ['status'],
      ['accounts', 'list'],
      ['doctor'],
      ['config'],
      ['audit'],
      ['nonsense'],
      ['token', 'demo'],
    ]) {
      const { stdout, stderr } = await bhor(env, args)
      assert.ok(!`${stdout}${stderr}`.includes('\u001b'), args.join(' '))
    }
  }
})

test('code that Node is told to load is refused in every command, however it is written', async () => {
  using folder = newFolder()
  const mark = join(folder.home, 'foreign.cjs')
  writeFileSync(mark, '')
  for (const options of [`"--require" ${mark}`, `--re"quire"=${mark}`, `--experimental_loader ${mark}`])
    for (const args of [['token', 'demo'], ['status'], ['config'], ['serve'], ['--help']])
      assertRefused(await bhor({ ...folder.env, NODE_OPTIONS: options }, args), 2, /^NODE_OPTIONS is set/)
  assertRefused(
    await start(['token', 'demo'], folder.env, '', undefined, ['-r', mark]).ended,
    2,
    /^A command-line option of Node is set/,
  )
  const fine = { ...folder.env, NODE_OPTIONS: '"--max-old-space-size=512" --no-warnings' }
  assert.equal((await bhor(fine, ['status'])).code, 0)
})

test('the built entry can be read by an old Node, and asks which one it is before it uses anything newer', async () => {
  using folder = newFolder()
  const built = fileURLToPath(new URL('../../dist/cli/bhor.js', import.meta.url))
  const text = readFileSync(built, 'utf8')
  const { code: lowered } = await transformWithOxc(text, 'bhor.js', { target: 'es2022' })
  const { code: same } = await transformWithOxc(text, 'bhor.js', { target: 'esnext' })
  assert.equal(lowered, same, 'nothing in it is newer than 2022')
  // What such a Node lacks is taken away here.
  const old = join(folder.home, 'old.mjs')
  writeFileSync(
    old,
    `delete process.getBuiltinModule; delete globalThis.Temporal; delete URL.parse
    Object.defineProperty(process, 'versions', { value: { node: '18.20.8' } })
    await import(${JSON.stringify(pathToFileURL(built).href)})`,
  )
  const ended = await start(['token', 'demo'], folder.env, '', old).ended
  assertRefused(ended, 1, /needs Node 26\.5\.1 or newer; this is 18\.20\.8/, /npm start/)
})
