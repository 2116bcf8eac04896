import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { importAdapter } from '../../src/app/adapter-modules.ts'
import { loadAdapters } from '../../src/app/adapters.ts'
import { doctor } from '../../src/app/doctor.ts'
import { openApp } from '../../src/app/open.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Net } from '../../src/contracts/net.ts'
import { ManualClock } from '../../src/core/clock.ts'
import type { BhorError, ErrorCode } from '../../src/core/errors.ts'
import { openBhor } from '../../src/index.ts'

const here = (name: string) => new URL(name, import.meta.url)

interface Outside extends Disposable {
  readonly home: string
  readonly folder: string
  /** Writes a file into the adapters' folder and names it in config.toml. */
  write(name: string, text: string): string
  configure(module: string, id?: string): void
}

/** An empty folder for adapters, and a data folder. */
function outside(): Outside {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-outside-')))
  const [home, folder] = [join(root, 'home'), join(root, 'adapters')]
  for (const path of [home, folder]) mkdirSync(path, { mode: 0o700 })
  const configure = (module: string, id = 'demo-broker') =>
    writeFileSync(join(home, 'config.toml'), `[brokers.${id}]\nmodule = ${JSON.stringify(module)}\n`, {
      mode: 0o600,
    })
  return {
    home,
    folder,
    configure,
    write(name, text) {
      const path = join(folder, name)
      writeFileSync(path, text, { mode: 0o600 })
      configure(path)
      return path
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

const example = readFileSync(here('demo-broker.ts'), 'utf8')
const adapter = (change: (text: string) => string = (text) => text) => change(example)
const configOf = (home: string) => loadConfig({ env: { BHOR_HOME: home }, flags: { port: 0 } })
const load = (home: string) => loadAdapters(configOf(home).brokers, home)

async function refused(home: string, code: ErrorCode, message: RegExp, hint: RegExp): Promise<void> {
  await assert.rejects(load(home), (error: BhorError) => {
    assert.equal(error.code, code, error.message)
    assert.match(error.message, message)
    assert.match(error.hint, hint)
    return true
  })
}

// Runs the exported suite over the example, from the folder of somebody else: everything that a writer of one sees.
{
  const place = outside()
  for (const name of ['demo-broker.ts', 'check.ts']) copyFileSync(here(name), join(place.folder, name))
  await importAdapter(join(place.folder, 'check.ts'))
  test('the folder goes away again', () => place[Symbol.dispose]())
}

/** The broker of the example, in memory. */
function demoNet(): Net & { readonly urls: string[] } {
  const urls: string[] = []
  const reply = (status: number, body: unknown) => ({
    status,
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify(body),
  })
  return {
    urls,
    async send({ url, body, headers }) {
      urls.push(url)
      if (url.endsWith('/token') && body?.includes('code=c0de'))
        return reply(200, { token: 'demo.token-of-the-example', user: 'DM0001' })
      const isSigned = headers.authorization === 'Bearer demo.token-of-the-example'
      if (url.endsWith('/me') && isSigned) return reply(200, { user: 'DM0001' })
      return reply(401, { error: 'session_over', message: 'No.' })
    },
  }
}

test('from an empty folder to a session that is handed out, without a line in src', async () => {
  using place = outside()
  place.write('demo-broker.ts', example)
  const net = demoNet()
  const clock = new ManualClock('2026-11-25T03:30:00Z')
  await using bhor = await openBhor({ home: place.home, clock, net })
  await bhor.addAccount({
    account: 'personal',
    broker: 'demo-broker',
    apiKey: 'demokey1',
    apiSecret: 'demosecret1',
  })
  const { url } = await bhor.startLogin('personal')
  const opened = new URL(url!)
  assert.equal(opened.origin, 'https://login.example.com')
  const state = opened.searchParams.get('state') ?? ''
  const arrived = `http://127.0.0.1:7878/callback/demo-broker?code=c0de&state=${encodeURIComponent(state)}`
  assert.equal((await bhor.completeLogin('personal', arrived)).status, 'active')
  const session = await bhor.session('personal')
  assert.equal(session.headers.authorization, 'Bearer demo.token-of-the-example')
  assert.equal((await bhor.test('personal')).verdict, 'valid')
  assert.deepEqual([...new Set(net.urls.map((sent) => new URL(sent).origin))], ['https://api.example.com'])
})

test('doctor says what code of others runs here, and when others can change it', async () => {
  using place = outside()
  const file = place.write('demo-broker.ts', example)
  await using app = await openApp({ config: configOf(place.home), clock: new ManualClock() })
  assert.deepEqual(app.brokerIds, ['demo-broker', 'kite', 'upstox'])
  const finding = async () =>
    (await doctor(app, app.operator)).find(({ check }) => check === 'adapter demo-broker')!
  assert.deepEqual(await finding(), {
    check: 'adapter demo-broker',
    ok: true,
    gravity: 'fine',
    text: `Demo Broker comes from ${file}, which belongs to you. It runs inside bhor.`,
    hint: null,
    command: null,
  })
  chmodSync(file, 0o666)
  assert.deepEqual([(await finding()).ok, (await finding()).hint], [false, `chmod go-w ${file}`])
})

test('a simulator is passed on to whoever starts them', async () => {
  using place = outside()
  place.write('with-simulator.ts', `${example}\nexport const simulator = { codeTtlMs: 5 }\n`)
  await using app = await openApp({ config: configOf(place.home), clock: new ManualClock() })
  assert.deepEqual(app.simulators, { 'demo-broker': { codeTtlMs: 5 } })
  place.write('no-simulator.ts', `${example}\nexport const simulator = 'yes'\n`)
  await refused(place.home, 'adapter_invalid', /simulator is not an object/, /or nothing/)
})

test('a package in the data folder is found by its name', async () => {
  using place = outside()
  const inside = join(place.home, 'node_modules', 'demo-adapter')
  mkdirSync(inside, { recursive: true, mode: 0o700 })
  writeFileSync(
    join(inside, 'package.json'),
    '{ "name": "demo-adapter", "type": "module", "exports": "./index.js" }',
  )
  // Nobody strips types below node_modules; this one has none but these.
  const plain = example.replaceAll(/ as const(?= satisfies|$)/gm, '').replace('  type VerdictKind,\n', '')
  writeFileSync(
    join(inside, 'index.js'),
    plain.replace(/: Readonly<Record<string, readonly \[.*\]>> =/, ' ='),
  )
  place.configure('demo-adapter')
  assert.deepEqual(
    (await load(place.home)).map(({ id, file }) => [id, file]),
    [['demo-broker', join(inside, 'index.js')]],
  )
  place.configure('another-adapter')
  await refused(place.home, 'adapter_invalid', /no package in the data folder/, /npm install --prefix/)
  for (const odd of [
    './demo-broker.ts',
    '../demo-broker.ts',
    'fs',
    'node:fs',
    'https://example.com/a.js',
    '~',
  ]) {
    place.configure(odd)
    await refused(place.home, 'adapter_invalid', /no path and no package|no package in/, /absolute path/)
  }
})

test('what others can change is not run', async () => {
  using place = outside()
  const ran = 'globalThis.ran = true\n'
  const file = place.write('wide.ts', ran + example)
  chmodSync(file, 0o602)
  await refused(
    place.home,
    'permissions_too_wide',
    /wide\.ts can be written by others/,
    /^chmod go-w .*wide\.ts$/,
  )
  chmodSync(file, 0o620)
  await refused(place.home, 'permissions_too_wide', /can be written by others/, /^chmod go-w/)
  chmodSync(file, 0o600)
  chmodSync(place.folder, 0o777)
  await refused(
    place.home,
    'permissions_too_wide',
    /The folder .*adapters can be written/,
    /^chmod go-w .*adapters$/,
  )
  chmodSync(place.folder, 0o700)
  const part = join(place.folder, 'part.ts')
  writeFileSync(part, ran, { mode: 0o666 })
  chmodSync(part, 0o666)
  place.write('parted.ts', `import './part.ts'\n${example}`)
  await refused(place.home, 'permissions_too_wide', /part\.ts can be written by others/, /^chmod go-w/)
  if (process.getuid?.() === 0) {
    place.configure(file)
    chownSync(file, 65_534, 65_534)
    await refused(place.home, 'permissions_too_wide', /wide\.ts belongs to another user/, /^chown 0 /)
    chownSync(file, 0, 0)
    chownSync(place.folder, 65_534, 65_534)
    await refused(place.home, 'permissions_too_wide', /The folder .* belongs to another user/, /^chown 0 /)
  }
  assert.ok(!('ran' in globalThis), 'nothing of it was run')
})

test('a link is refused with the path that it leads to; so is what is no file', async () => {
  using place = outside()
  const file = place.write('demo-broker.ts', example)
  symlinkSync(place.folder, join(place.home, 'link'))
  place.configure(join(place.home, 'link', 'demo-broker.ts'))
  await refused(place.home, 'adapter_invalid', /symbolic link/, new RegExp(`real path: ${file}$`))
  place.configure(join(place.folder, 'nothing.ts'))
  await refused(place.home, 'adapter_invalid', /is not there/, /path of its file/)
  place.configure(place.folder)
  await refused(place.home, 'adapter_invalid', /is not a file/, /not its folder/)
})

test('what is not an adapter is refused by name, each with its next step', async () => {
  using place = outside()
  const wrong: readonly (readonly [name: string, text: string, message: RegExp, hint: RegExp])[] = [
    ['silent.ts', 'export const other = 1\n', /exports no broker/, /export const broker/],
    [
      'throwing.ts',
      "throw new TypeError('not today')\n",
      /cannot be loaded \(TypeError: not today\)/,
      /^Run it alone: node /,
    ],
    ['broken.ts', 'export const broker = {\n', /cannot be loaded \(SyntaxError/, /^Run it alone/],
    ['lost.ts', "import './missing.ts'\n", /cannot be loaded \(Error/, /^Run it alone/],
    ['text.ts', "export const broker = 'demo'\n", /broker is not an object/, /defineBroker/],
    [
      'other-id.ts',
      adapter((t) => t.replace("'demo-broker'", "'other'")),
      /own id is other/,
      /\[brokers\.other\]/,
    ],
    [
      'bad-id.ts',
      adapter((t) => t.replace("'demo-broker'", "'Demo Broker'")),
      /id “Demo Broker” is none/,
      /^An id is/,
    ],
    [
      'plain.ts',
      adapter((t) => t.replace('https://api.', 'http://api.')),
      /hosts\.api is not the https/,
      /https:/,
    ],
    [
      'open.ts',
      adapter((t) => t.replace('{8,512}$/', '{8,512}/')),
      /pattern of access is open/,
      /Write \^…\$/,
    ],
    [
      'typo.ts',
      adapter((t) => t.replace('liveSessions', 'liveSession')),
      /broker\.liveSession is not known/,
      /compiler/,
    ],
    [
      'shown.ts',
      adapter((t) => t.replace('secret: true', 'secret: false')),
      /apiSecret is not secret/,
      /sealed/,
    ],
    [
      'lazy.ts',
      adapter((t) => t.replace(/ {2}classify\(/, '  classified(')),
      /classified is not known/,
      /defineBroker/,
    ],
  ]
  for (const [name, text, message, hint] of wrong) {
    place.write(name, text)
    await refused(place.home, 'adapter_invalid', message, hint)
  }
  place.configure(place.write('again.ts', example), 'kite')
  await refused(place.home, 'adapter_invalid', /has this broker itself/, /another id/)
})

test('the page that walks through it quotes these files, whole', () => {
  const page = readFileSync(new URL('../../docs/adding-a-broker.md', import.meta.url), 'utf8')
  for (const name of ['demo-broker.ts', 'check.ts']) {
    const quoted = [...page.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)].filter(([, file]) => file === name)
    assert.equal(quoted.map(([, , text]) => text).join(''), readFileSync(here(name), 'utf8'), name)
  }
})

test('programs outside can import these and nothing else of bhor', () => {
  const { exports: doors } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { exports: Record<string, string | { types: string; default: string }> }
  const names = [
    ...['.', './client', './sdk/kite', './sdk/upstox', './broker', './broker/suite'],
    ...['./upstox', './simulator', './package.json'],
  ]
  assert.deepEqual(Object.keys(doors), names)
  for (const door of Object.values(doors)) {
    if (typeof door === 'string') continue
    assert.equal(door.types, door.default.replace(/\.js$/, '.d.ts'))
    const source = door.default.replace('./dist/', '../../src/').replace(/\.js$/, '.ts')
    assert.ok(existsSync(here(source)), source)
  }
})
