import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AccountEgress } from '../../src/contracts/api.ts'
import { bhor, json, newFolder, startServer } from '../support/at-the-terminal.ts'
import { startSocksProxy } from '../support/egress-proxies.ts'

const login = 'me:ThePasswordOfTheProxy'

test('egress sets the way out, measures it, and says by its exit code whether it is the registered one', async () => {
  using folder = newFolder()
  const { env, home } = folder
  await using _server = await startServer(env)
  await using proxy = await startSocksProxy({ exit: '127.0.0.2', login })
  const file = join(home, 'proxy-login')
  writeFileSync(file, `${login}\n`, { mode: 0o600 })
  assert.equal((await bhor(env, ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox'])).code, 0)
  const run = async (...args: string[]) => {
    const ended = await bhor(env, ['egress', 'demo', ...args], `${login}\n`)
    assert.ok(!`${ended.stdout}${ended.stderr}`.includes('ThePassword'), args.join(' '))
    if (ended.code !== 0) assert.match(ended.stderr, /bhor: .+\n {6}Try: .+\n$/, args.join(' '))
    return ended
  }
  const direct = await run()
  assert.equal(direct.code, 0, direct.stderr)
  assert.match(direct.stdout, /^leaves by: +any address of this computer\nseen as: +127\.0\.0\.1 at .+ IST$/m)

  const set = await run(
    '--proxy',
    proxy.url,
    '--proxy-login-file',
    file,
    '--registered',
    '127.0.0.2',
    '--json',
  )
  assert.equal(set.code, 0, set.stderr)
  const { way, standing, measured } = json<AccountEgress>(set)
  assert.deepEqual([way, standing, measured?.addresses], [proxy.url, 'as registered', ['127.0.0.2']])

  // Another address: refused by policy. The same from stdin, and by a source address.
  const other = await run('--registered', '127.0.0.9, ::1')
  assert.deepEqual([other.code, /registered: +127\.0\.0\.9, ::1 \(different\)/.test(other.stdout)], [7, true])
  const from = await run('--from', '127.0.0.9')
  assert.deepEqual([from.code, /leaves by: +127\.0\.0\.9/.test(from.stdout)], [0, true], from.stderr)
  assert.equal((await run('--proxy', proxy.url, '--proxy-login-file', '-', '--registered', '')).code, 0)

  // A proxy that does not work: named, and the account stays with it.
  proxy.login = 'me:another'
  const refused = await run('--json')
  assert.deepEqual([refused.code, json<AccountEgress>(refused).measured?.code], [7, 'egress_proxy_login'])
  assert.match(refused.stderr, /does not accept the login/)
  await proxy[Symbol.asyncDispose]()
  const gone = await run()
  assert.deepEqual([gone.code, /leaves by: +socks5:/.test(gone.stdout)], [6, true])
  assert.equal((await run('--direct')).code, 0)
})

test('two ways, a login on the command line, and one for no proxy are refused before anything is changed', async () => {
  using folder = newFolder()
  const { env } = folder
  await using _server = await startServer(env)
  assert.equal((await bhor(env, ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox'])).code, 0)
  for (const [args, says] of [
    [['--direct', '--from', '127.0.0.2'], /one way out/],
    [['--proxy', `http://${login}@127.0.0.1:1`], /not taken on the command line/],
    [['--proxy-login-file', '-'], /no proxy that this login could be for/],
  ] as const) {
    const { code, stdout, stderr } = await bhor(env, ['egress', 'demo', ...args], login)
    assert.deepEqual([code, stdout], [2, ''], stderr)
    assert.match(stderr, says)
    assert.ok(!stderr.includes('ThePassword'), stderr)
  }
})
