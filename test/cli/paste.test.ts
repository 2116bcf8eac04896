import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountView } from '../../src/contracts/api.ts'
import {
  addressAfterLogin,
  bhor,
  commandLine,
  json,
  newFolder,
  type Running,
  start,
  startServer,
  walkLogin,
} from '../support/at-the-terminal.ts'
import { onTerminal } from '../support/pseudo-terminal.ts'

const link = /^\s+(http\S+)$/m
const sandbox = (name: string) => ['accounts', 'add', name, '--broker', 'kite', '--sandbox']

/** `bhor login --paste` that waits, its stdin open. */
async function pasting(env: NodeJS.ProcessEnv): Promise<{ login: Running; link: string }> {
  const login = start(['login', 'demo', '--paste', '--json'], env)
  return { login, link: await login.says(link) }
}

test('a slip is told and asked again, until the right one comes, out of a mail', async () => {
  using folder = newFolder()
  const { env } = folder
  await using _server = await startServer(env)
  await bhor(env, sandbox('demo'))
  const { login, link: page } = await pasting(env)
  await using _login = login
  const say = (text: string) => login.child.stdin!.write(`${text}\n`)
  say(page)
  await login.says(/Log in there first[\s\S]*Paste it again/)
  say('what do I do now')
  await login.says(/not an address \(16 characters\)\.[\s\S]*Paste it again/)
  const address = await addressAfterLogin(page, 'DM0001')
  say(address.slice(0, -8))
  await login.says(/changed or cut off/)
  say(
    `Good morning,\n> ${address
      .match(/.{1,70}/g)!
      .join('=\n> ')
      .replaceAll('http://', '<http://')}>\n\nPapa`,
  )
  const ended = await login.ended
  assert.equal(ended.code, 0, ended.stderr)
  assert.equal(json<AccountView[]>(ended)[0]?.generation, 1)
  assert.equal(ended.stderr.match(/Paste it again/g)?.length, 3)

  // Five are enough, and then the link is dead.
  const other = await pasting(env)
  await using _other = other.login
  other.login.child.stdin!.end(
    'a\n\nhttp://127.0.0.1:1/\nhttp://x.example/a\nhttp://x.example/b\nhttp://x.example/c\n',
  )
  const failed = await other.login.ended
  assert.equal(failed.code, 4, failed.stderr)
  assert.match(failed.stderr, /not the page that the broker sent you back to/)
  assert.match(await (await walkLogin(other.link, 'DM0001')).text(), /login was cancelled/)
})

test('a login that the browser finishes by itself, or that somebody else finishes, has succeeded', async () => {
  using folder = newFolder()
  const { env } = folder
  await using _server = await startServer(env)
  await bhor(env, sandbox('demo'))

  const waiting = await pasting(env)
  await using _waiting = waiting.login
  assert.match(await (await walkLogin(waiting.link, 'DM0001')).text(), /You are logged in/)
  const first = await waiting.login.ended
  assert.equal(first.code, 0, first.stderr)
  assert.equal(json<AccountView[]>(first)[0]?.generation, 1)

  // The address of the page that says so, and that of the callback, come a moment later.
  for (const [at, ending] of ['callback', 'over'].entries()) {
    const late = start(['login', 'demo', '--paste', '--json'], env)
    await using _late = late
    const page = await late.says(link)
    const { url } = await walkLogin(page, 'DM0001')
    late.child.stdin!.write(ending === 'callback' ? `${url}\n` : `${new URL('/login/over', url).href}\n`)
    const ended = await late.ended
    assert.equal(ended.code, 0, ended.stderr)
    assert.equal(json<AccountView[]>(ended)[0]?.generation, at + 2)
    assert.doesNotMatch(ended.stderr, /Try:/)
  }

  // Two terminals: one finishes, and the other is told so.
  await using idle = start(['login', 'demo', '--no-browser', '--json'], env, '')
  await idle.says(link)
  await using busy = start(['login', 'demo', '--no-browser', '--json'], env, '')
  await walkLogin(await busy.says(link), 'DM0001')
  const both = [await busy.ended, await idle.ended]
  assert.deepEqual(
    both.map((ended) => [ended.code, json<AccountView[]>(ended)[0]?.generation]),
    [
      [0, 4],
      [0, 4],
    ],
  )
  assert.match(both[1]!.stderr, /Another login of demo was finished meanwhile/)
  assert.equal(json<AccountView>(await bhor(env, ['accounts', 'show', 'demo', '--json'])).login, null)
})

test('at a terminal Ctrl-C still gives up, after a slip too', async () => {
  using folder = newFolder()
  const { env } = folder
  await bhor(env, sandbox('demo'))
  const { code, stdout } = await onTerminal(`${commandLine} login demo --paste`, env, [
    [/Then paste the address/, 'nonsense\r'],
    [/Paste it again/, '\u0003'],
  ])
  assert.equal(code, 2, stdout)
  assert.match(stdout, /Cancelled\. The broker login was not finished; demo is: none/)
})
