import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountView, DoctorFinding, HookAdded } from '../../src/contracts/api.ts'
import { bhor, freePort, json, newFolder, start, startServer, walkLogin } from '../support/at-the-terminal.ts'

const sandbox = (name: string, broker: string, ...more: string[]) => [
  ...['accounts', 'add', name, '--broker', broker, '--sandbox'],
  ...more,
]

async function openPorch() {
  const folder = newFolder()
  const porch = `http://127.0.0.1:${await freePort()}`
  const env = { ...folder.env, BHOR_PORT: String(await freePort()), BHOR_PORCH_PORT: new URL(porch).port }
  return { folder, porch, env }
}

/** The page at which the simulator asks on the phone, and its answer. */
async function approve(apiOrigin: string): Promise<void> {
  const page = await (await fetch(`${apiOrigin}/approvals`)).text()
  const action = /action="(\/approvals\/\w+)"/.exec(page)?.[1]
  assert.ok(action, page)
  const body = new URLSearchParams({ answer: 'approve' })
  assert.equal((await fetch(apiOrigin + action, { method: 'POST', body })).status, 200)
}

test('bhor login --approve: asked on the phone, posted to the porch, confirmed at the terminal', async () => {
  const { folder, porch, env } = await openPorch()
  using _folder = folder
  await using server = await startServer(env)
  await server.says(new RegExp(`The porch is open at ${porch}`))
  assert.equal((await bhor(env, sandbox('papa', 'upstox'))).code, 0)
  await using login = start(['login', 'papa', '--approve', '--json'], env)
  await login.says(/Waiting until \w{3} \d+ \w{3} \d\d:\d\d IST for your approval/)
  const simulator = await server.says(/The simulator for sandbox accounts runs at (\S+?)\. /)
  const state = (await (await fetch(`${simulator}/control/state`)).json()) as {
    brokers: { upstox: { hosts: { api: string } } }
  }
  await approve(state.brokers.upstox.hosts.api)
  const ended = await login.ended
  assert.equal(ended.code, 0, ended.stderr)
  const [view] = json<AccountView[]>(ended)
  assert.equal(view?.status, 'unconfirmed')
  assert.match(ended.stderr, /Is this the right person\? Then: bhor accounts confirm papa/)

  const refused = await bhor(env, ['token', 'papa'])
  assert.equal(refused.code, 7)
  assert.equal(refused.stdout, '')
  // Without a terminal nobody is asked; who it is can be named.
  const unasked = await bhor(env, ['accounts', 'confirm', 'papa'])
  assert.equal(unasked.code, 2)
  assert.match(unasked.stderr, /--user/)
  const { userId } = view!.unconfirmed!
  assert.equal((await bhor(env, ['accounts', 'confirm', 'papa', '--user', 'DM0042'])).code, 2)
  assert.equal((await bhor(env, ['accounts', 'confirm', 'papa', '--user', userId])).code, 0)
  assert.equal((await bhor(env, ['token', 'papa'])).code, 0)
})

test('bhor login --qr with the porch: the phone alone finishes it', async () => {
  const { folder, porch, env } = await openPorch()
  using _folder = folder
  await using _server = await startServer(env)
  const redirect = ['--redirect-url', `${porch}/callback/kite`, '--user', 'DM0001']
  assert.equal((await bhor(env, sandbox('demo', 'kite', ...redirect))).code, 0)
  await using login = start(['login', 'demo', '--qr', '--json'], env)
  const link = await login.says(/Log in to demo:\s+(http\S+)/)
  await login.says(/[▀▄█]{5}/)
  const end = await walkLogin(link, 'DM0001')
  assert.match(await end.text(), /You are logged in/)
  const ended = await login.ended
  assert.equal(ended.code, 0, ended.stderr)
})

test('bhor login --qr without a porch says what will happen, and takes the pasted address', async () => {
  using folder = newFolder()
  const env = { ...folder.env, BHOR_PORT: String(await freePort()) }
  await using _server = await startServer(env)
  assert.equal((await bhor(env, sandbox('demo', 'kite'))).code, 0)
  await using login = start(['login', 'demo', '--qr'], env)
  await login.says(
    /The phone ends at an address that does not open \(http:\/\/127\.0\.0\.1:\d+\/callback\/kite\)/,
  )
  await login.says(/docs\/porch\.md/)
})

/** What cannot be asked, and how it is refused. */
const refusedCommands: readonly (readonly [args: string[], code: number, said: RegExp])[] = [
  [['login', 'demo', '--approve', '--method', 'redirect'], 2, /say different things/],
  [['login', 'demo', '--approve', '--paste'], 2, /needs no page/],
  [['login', 'demo', '--approve'], 2, /has no such way to log in/],
  [['login', 'papa', '--approve'], 7, /needs the porch, and there is none[\s\S]*\[porch\] in config\.toml/],
  [['accounts', 'hook', 'demo'], 2, /posts no sessions/],
  [['accounts', 'hook', 'papa'], 7, /needs the porch/],
  [['accounts', 'confirm', 'demo'], 1, /No session of demo waits/],
  [['accounts', 'confirm', 'demo', '--user', 'DM0001'], 1, /No session of demo waits/],
]

test('what needs a porch or a question says so', async () => {
  using folder = newFolder()
  await using _server = await startServer(folder.env)
  for (const name of ['demo', 'papa'])
    assert.equal((await bhor(folder.env, sandbox(name, name === 'demo' ? 'kite' : 'upstox'))).code, 0)
  for (const [args, code, said] of refusedCommands) {
    const ended = await bhor(folder.env, args)
    assert.match(ended.stderr, said, args.join(' '))
    assert.equal(ended.code, code, args.join(' '))
  }
})

test('a hook is shown once; doctor and accounts say what to register', async () => {
  const { folder, porch, env } = await openPorch()
  using _folder = folder
  await using _server = await startServer(env)
  const live = [
    'accounts',
    'add',
    'papa',
    '--broker',
    'upstox',
    '--api-key',
    'papakey',
    '--api-secret-file',
    '-',
  ]
  const added = await bhor(env, [...live, '--json'], 'papasecret\n')
  assert.equal(added.code, 0, added.stderr)
  assert.equal(json<AccountView>(added).redirectUrl, `${porch}/callback/upstox`)
  const hook = await bhor(env, ['accounts', 'hook', 'papa', '--json'])
  const { url, beforeUntil } = json<HookAdded>(hook)
  assert.match(url, new RegExp(`^${porch}/hooks/upstox/[\\w-]{43}$`))
  assert.equal(beforeUntil, null)
  assert.notEqual(json<HookAdded>(await bhor(env, ['accounts', 'hook', 'papa', '--json'])).beforeUntil, null)
  assert.equal((await bhor(env, ['accounts', 'show', 'papa'])).stdout.includes(url), false)
  const edit = ['accounts', 'edit', 'papa', '--redirect-url', 'https://other.example/callback']
  assert.equal((await bhor(env, edit)).code, 0)
  const findings = json<DoctorFinding[]>(await bhor(env, ['doctor', '--json']))
  const finding = findings.find(({ check }) => check === 'porch')
  assert.equal(finding?.ok, true)
  assert.ok(finding?.text.includes(`papa: ${porch}/callback/upstox`), finding?.text)
})
