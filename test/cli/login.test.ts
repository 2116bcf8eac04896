import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountView, HandOut } from '../../src/contracts/api.ts'
import {
  addressAfterLogin,
  bhor,
  freePort,
  json,
  logIn,
  newFolder,
  start,
  startServer,
  walkLogin,
} from '../support/at-the-terminal.ts'

const sandbox = (name: string, broker = 'kite') => ['accounts', 'add', name, '--broker', broker, '--sandbox']

for (const where of ['a server', 'no server'] as const) {
  test(`with ${where}: log in, then token and status tell of the session, then log out`, async () => {
    using folder = newFolder()
    // Without a server each command is a bhor of its own: the broker's redirect needs one port for all of them.
    const env = { ...folder.env, BHOR_PORT: String(await freePort()) }
    await using server = where === 'a server' ? await startServer(env) : undefined
    assert.equal((await bhor(env, sandbox('demo'))).code, 0)

    for (const args of [
      ['token', 'demo'],
      ['status', 'demo'],
    ]) {
      const { code, stdout } = await bhor(env, args)
      assert.equal(code, 4, args.join(' '))
      if (args[0] === 'token') assert.equal(stdout, '')
    }

    const login = await logIn(env, 'demo')
    assert.equal(login.code, 0, login.stderr)
    // In the hours before dawn a new session ends soon.
    assert.match(json<AccountView[]>(login)[0]?.status ?? '', /^(active|expiring)$/)
    assert.match(login.stderr, /demo is live until \w{3} \d+ \w{3} 06:00 IST .*, generation 1\./)

    const raw = await bhor(env, ['token', 'demo'])
    assert.equal(raw.code, 0)
    assert.match(raw.stdout, /^\S+\n$/)
    const token = raw.stdout.trim()
    const handOut = json<HandOut>(await bhor(env, ['token', 'demo', '--format', 'json']))
    assert.equal(handOut.accessToken, token)
    const asVariables = (await bhor(env, ['token', 'demo', '--format=env'])).stdout
    assert.ok(asVariables.includes(`=${token}\n`), asVariables.replaceAll(token, '…'))
    for (const line of asVariables.trimEnd().split('\n')) assert.match(line, /^[A-Z_]+=[^' ]+$/)
    assert.equal((await bhor(env, ['token', 'demo', '--min-life', '24h'])).code, 4)
    assert.equal((await bhor(env, ['token', 'demo', '--format', 'xml'])).code, 2)
    assert.equal((await bhor(env, ['status', 'demo'])).code, 0)

    if (server) {
      assert.match((await bhor(env, ['test', 'demo'])).stdout, /^valid: .* \(DM0001\), \d+ ms\n$/)
      assert.ok(!server.stderr.includes(token))
    }
    const out = await bhor(env, ['logout', 'demo', '--json'])
    assert.equal(json<AccountView>(out).session?.expiresInMs ?? 0, 0)
    assert.equal((await bhor(env, ['token', 'demo'])).code, 4)
  })
}

test('a login that waits goes on with the server that is started again, and says so where none is', async () => {
  using folder = newFolder()
  const env = {
    ...folder.env,
    BHOR_PORT: String(await freePort()),
    BHOR_SIMULATOR_PORT: String(await freePort()),
  }
  const first = await startServer(env)
  await bhor(env, sandbox('demo'))
  await using login = start(['login', 'demo', '--no-browser'], env, '')
  const link = await login.says(/^\s+(http\S+)$/m)
  await first.stop('SIGKILL')
  {
    await using _second = await startServer(env)
    await walkLogin(link, 'DM0001')
    const { code, stderr } = await login.ended
    assert.equal(code, 0, stderr)
    assert.match(stderr, /demo is live/)
  }

  const third = await startServer(env)
  await using lost = start(['login', 'demo', '--no-browser'], env, '')
  await lost.says(/^\s+(http\S+)$/m)
  await third.stop('SIGTERM')
  const { code, stderr } = await lost.ended
  assert.equal(code, 6, stderr)
  assert.match(stderr, /No bhor server at unix:.*bhor\.sock\.\n.*Start it: bhor serve/)
})

test('a program elsewhere: BHOR_URL and BHOR_KEY, right and wrong', async () => {
  using folder = newFolder()
  using elsewhere = newFolder()
  await using server = await startServer(folder.env)
  await bhor(folder.env, sandbox('demo', 'upstox'))
  assert.equal((await logIn(folder.env, 'demo', 'DM0002')).code, 0)
  const key = (await bhor(folder.env, ['keys', 'add', 'script'])).stdout.trim()
  assert.match(key, /^bhor_[\w-]{43}$/)
  const env = { ...elsewhere.env, BHOR_URL: server.origin, BHOR_KEY: key }
  const [there, here] = await Promise.all([bhor(env, ['token', 'demo']), bhor(folder.env, ['token', 'demo'])])
  assert.deepEqual([there.code, there.stdout, there.stderr], [0, here.stdout, ''])

  for (const [changed, code, said] of [
    [{ BHOR_KEY: `bhor_${'x'.repeat(43)}` }, 7, /key/i],
    [{ BHOR_KEY: 'bhor_short' }, 7, /10 characters/],
    [{ BHOR_KEY: undefined }, 7, /BHOR_KEY is not/],
    [{ BHOR_URL: 'http://192.0.2.1:7878' }, 2, /unprotected/],
    [{ BHOR_URL: 'http://127.0.0.1:9' }, 6, /No bhor server answers/],
  ] as const) {
    const ended = await bhor({ ...env, ...changed }, ['token', 'demo'])
    assert.equal(ended.code, code, ended.stderr)
    assert.match(ended.stderr, said)
    assert.equal(ended.stdout, '')
    assert.ok(!ended.stderr.includes(changed.BHOR_KEY ?? key), 'the key is not repeated')
  }
})

test('a pasted address: the right one logs in, a wrong one leaves no open login', async () => {
  using folder = newFolder()
  const { env } = folder
  await using _server = await startServer(env)
  await bhor(env, sandbox('demo'))

  const wrongs = ['http://127.0.0.1:7878/callback/kite?request_token=x&state=y', 'not an address', '']
  for (const wrong of wrongs) {
    const ended = await bhor(env, ['login', 'demo', '--paste'], wrong === '' ? '' : `${wrong}\n`)
    assert.notEqual(ended.code, 0, wrong)
    assert.equal(ended.stdout, '')
    assert.equal(json<AccountView>(await bhor(env, ['accounts', 'show', 'demo', '--json'])).status, 'none')
  }

  await using login = start(['login', 'demo', '--paste', '--qr'], env)
  const link = await login.says(/^\s+(http\S+)$/m)
  await login.says(/paste the address/)
  assert.match(login.stderr, /[▀▄█]{8}/)
  login.child.stdin!.end(`\n  ${await addressAfterLogin(link, 'DM0001')}  \n`)
  const { code, stderr, stdout } = await login.ended
  assert.deepEqual([code, stdout], [0, ''], stderr)
  assert.match(stderr, /demo is live/)
})

test('--all logs in the others when one fails, and says so with its exit code', async () => {
  using folder = newFolder()
  const { env } = folder
  await using _server = await startServer(env)
  assert.equal((await bhor(env, ['login', '--all'])).code, 0)
  await bhor(env, sandbox('demo'))
  await bhor(env, sandbox('papa', 'upstox'))

  await using login = start(['login', '--all', '--no-browser', '--json'], env, '')
  const first = await login.says(/Log in to demo:\n\s+(http\S+)\n/)
  const page = await fetch(first)
  const [, id = ''] = /name="sess_id" value="([^"]+)"/.exec(await page.text()) ?? []
  await fetch(page.url, { method: 'POST', body: new URLSearchParams({ sess_id: id, cancel: '1' }) })
  await walkLogin(await login.says(/Log in to papa:\n\s+(http\S+)\n/), 'DM0002')
  const ended = await login.ended
  assert.notEqual(ended.code, 0)
  assert.deepEqual(
    json<AccountView[]>(ended).map(({ account, status }) => [account, status]),
    [['papa', 'active']],
  )
})

for (const where of ['a server', 'no server'] as const) {
  test(`Ctrl-C in a waiting login with ${where}: exit 2, and the login is taken back`, async () => {
    using folder = newFolder()
    const { env } = folder
    await using _server = where === 'a server' ? await startServer(env) : undefined
    await bhor(env, sandbox('demo'))
    await using login = start(['login', 'demo', '--no-browser'], env, '')
    await login.says(/^\s+(http\S+)$/m)
    if (where === 'a server') {
      const view = json<AccountView>(await bhor(env, ['accounts', 'show', 'demo', '--json']))
      assert.equal(view.status, 'login_pending')
    }
    const { code, stderr, stdout } = await login.stop('SIGINT')
    assert.deepEqual([code, stdout], [2, ''], stderr)
    assert.match(stderr, /Cancelled\. The broker login was not finished; demo is: none\./)
    const view = json<AccountView>(await bhor(env, ['accounts', 'show', 'demo', '--json']))
    assert.equal(view.status, 'none')
  })
}
