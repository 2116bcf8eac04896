import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { AuditView } from '../../src/contracts/api.ts'
import { bhor, commandLine, json, newFolder, start, startServer } from '../support/at-the-terminal.ts'

const sandbox = ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox']

test('a server without a terminal: no link in its log, a link by bhor desk, which works once', async () => {
  using folder = newFolder()
  const { env } = folder
  const none = await bhor(env, ['desk'])
  assert.deepEqual([none.code, none.stdout], [6, ''], none.stderr)

  await using server = await startServer(env)
  await server.says(/For a sign-in link to the page: bhor desk/)
  assert.ok(!server.stderr.includes('sign-in='), server.stderr)
  const desk = await bhor(env, ['desk'])
  assert.equal(desk.code, 0)
  assert.match(desk.stderr, /bhor desk --plain-address/)
  const link = new URL(desk.stdout.trim())
  const { port } = new URL(server.origin)
  assert.match(link.origin, new RegExp(`^http://[0-9a-z]{16}\\.[0-9a-z]{16}\\.localhost:${port}$`))
  const [, token = ''] = /^#sign-in=(\S+)$/.exec(link.hash) ?? []
  const ask = (method: string, path: string, headers: Record<string, string>, body?: object) =>
    new Promise<{ status: number; cookie: string; text: string }>((resolve, reject) => {
      const content = body === undefined ? {} : { 'content-type': 'application/json' }
      const where = { host: '127.0.0.1', port, path: `/v1/desk/${path}`, method }
      request({ ...where, headers: { host: link.host, ...content, ...headers } }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            cookie: response.headers['set-cookie']?.[0]?.split(';')[0] ?? '',
            text,
          }),
        )
      })
        .on('error', reject)
        .end(body && JSON.stringify(body))
    })
  const signIn = (headers: Record<string, string>) => ask('POST', 'sign-in', headers, { token })
  const house = { origin: link.origin, 'sec-fetch-site': 'same-origin' }
  assert.equal((await signIn({ origin: server.origin, 'sec-fetch-site': 'cross-site' })).status, 403)
  const { status, cookie, text } = await signIn(house)
  assert.equal(status, 200)
  const { csrf } = JSON.parse(text) as { csrf: string }
  assert.equal((await ask('GET', 'me', { ...house, cookie, 'x-bhor-session': csrf })).status, 200)
  assert.equal((await signIn(house)).status, 401)
  assert.ok(!server.stderr.includes(token))
})

test('the page’s name stays with its folder; a plain link is given only when it is asked for, with a warning', async () => {
  using folder = newFolder()
  const names = new Set<string>()
  for (let run = 0; run < 2; run++) {
    await using _server = await startServer(folder.env)
    names.add(new URL((await bhor(folder.env, ['desk'])).stdout.trim()).hostname.split('.')[1] ?? '')
    if (run > 0) {
      const plain = await bhor(folder.env, ['desk', '--plain-address'])
      assert.match(plain.stdout, /^http:\/\/127\.0\.0\.1:\d+\/enter\/[\w-]{43}#sign-in=[\w-]{43}\n$/)
      assert.match(plain.stderr, /Open it in a private window/)
    }
  }
  assert.equal(names.size, 1)
  assert.equal(readFileSync(join(folder.home, 'page.label'), 'utf8').trim(), [...names][0])
})

test('one server a folder; only its user can look inside; SIGTERM ends it in order', async () => {
  using folder = newFolder()
  const { env, home } = folder
  await using server = await startServer(env)
  const second = await bhor(env, ['serve'])
  assert.deepEqual([second.code, second.stdout], [5, ''], second.stderr)
  assert.match(second.stderr, new RegExp(`\\b${server.child.pid}\\b`), 'it names the process that holds it')

  assert.equal(statSync(home).mode & 0o777, 0o700)
  const modes = readdirSync(home).map((name) => [name, statSync(join(home, name)).mode & 0o777] as const)
  assert.ok(modes.length >= 4, JSON.stringify(modes))
  assert.deepEqual(
    modes.filter(([, mode]) => mode !== 0o600),
    [],
  )
  assert.ok(statSync(join(home, 'bhor.sock')).isSocket())

  const ended = await server.stop('SIGTERM')
  assert.deepEqual([ended.code, ended.stdout], [0, ''], ended.stderr)
  assert.ok(!readdirSync(home).includes('bhor.sock'))
  const audit = json<AuditView[]>(await bhor(env, ['audit', '--json']))
  for (const action of ['server.start', 'server.stop'])
    assert.equal(audit.filter((record) => record.action === action).length, 1, action)
})

test('a database that is not bhor’s is left alone: exit 5', async () => {
  using folder = newFolder()
  const path = join(folder.home, 'other.db')
  const other = new DatabaseSync(path)
  other.exec('create table notes (text text)')
  other.close()
  for (const args of [['serve'], ['accounts', 'list']]) {
    const ended = await bhor({ ...folder.env, BHOR_DATABASE_URL: `sqlite:${path}` }, args)
    assert.deepEqual([ended.code, ended.stdout], [5, ''], ended.stderr)
  }
  const again = new DatabaseSync(path)
  assert.deepEqual(
    again
      .prepare('select name from sqlite_schema')
      .all()
      .map(({ name }) => name),
    ['notes'],
  )
  again.close()
})

test('status --watch prints at the start and at a change; a closed pipe and a dead server end commands quietly', async () => {
  using folder = newFolder()
  const { env } = folder
  await using server = await startServer(env)
  await bhor(env, sandbox)
  await using watch = start(['status', '--watch'], env, '')
  await watch.says(/demo .*\n/, 'stdout')
  const before = watch.stdout
  assert.equal(before.match(/ACCOUNT/g)?.length, 1, before)
  assert.match(before, /○ none/)
  await using login = start(['login', 'demo', '--no-browser'], env, '')
  await watch.says(/… login pending/, 'stdout')
  assert.equal(watch.stdout.match(/ACCOUNT/g)?.length, 2, watch.stdout)
  await login.stop('SIGINT')
  await watch.says(/pending[\s\S]*○ none/, 'stdout')

  const shell = (text: string) =>
    new Promise<{ stdout: string; stderr: string }>((resolve, reject) =>
      execFile('/bin/sh', ['-c', text], { env }, (error, stdout, stderr) =>
        error ? reject(error) : resolve({ stdout, stderr }),
      ),
    )
  const { stdout, stderr } = await shell(`${commandLine} audit --json | head -1`)
  assert.deepEqual([stdout, stderr], ['[\n', ''])

  await server.stop('SIGTERM')
  const { code, stderr: said } = await watch.ended
  assert.notEqual(code, 0)
  assert.match(said, /^bhor: .*\n {6}Try: .*\n$/)
})
