import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { ActivityEntry } from '../../src/contracts/activity.ts'
import type { AccountView, AuditCheck, AuditView, DoctorFinding, KeyView } from '../../src/contracts/api.ts'
import { bhor, freePort, json, logIn, newFolder, start, startServer } from '../support/at-the-terminal.ts'

const sandbox = ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox']

test('the audit tells who got what; an edited record is found and named', async () => {
  using folder = newFolder()
  const { env, home } = folder
  {
    await using server = await startServer(env)
    await bhor(env, [...sandbox, '--json'])
    await logIn(env, 'demo')
    const token = (await bhor(env, ['token', 'demo'])).stdout.trim()
    const asJson = await bhor(env, ['audit', '--account', 'demo', '--json'])
    const actions = json<AuditView[]>(asJson).map(({ action }) => action)
    for (const action of ['account.add', 'login.start', 'session.handout'])
      assert.ok(actions.includes(action), `${action} in ${actions}`)
    const shown = await bhor(env, ['audit', '--limit', '3'])
    assert.equal(shown.stdout.trimEnd().split('\n').length, 4)
    for (const { stdout } of [asJson, shown]) assert.ok(!stdout.includes(token))
    assert.match((await bhor(env, ['audit', 'verify'])).stdout, /^intact: \d+ records\n$/)
    assert.equal((await bhor(env, ['audit', '--account', 'nobody'])).code, 3)
    assert.equal((await bhor(env, ['audit', '--limit', 'many'])).code, 2)
    assert.equal((await server.stop('SIGTERM')).code, 0)
  }

  const database = new DatabaseSync(join(home, 'bhor.db'))
  database.exec('update audit set at_ms = at_ms - 60000 where seq = 3')
  database.close()
  const verified = await bhor(env, ['audit', 'verify'])
  assert.deepEqual([verified.code, verified.stdout], [1, ''])
  assert.match(verified.stderr, /\b3\b/)
  const asJson = await bhor(env, ['audit', 'verify', '--json'])
  assert.equal(asJson.code, 1)
  const check = json<AuditCheck>(asJson)
  assert.deepEqual([check.intact, check.intact || check.seq], [false, 3])
  const doctor = await bhor(env, ['doctor', '--json'])
  assert.equal(doctor.code, 1)
  const audit = json<DoctorFinding[]>(doctor).find(({ check }) => check === 'audit')
  assert.deepEqual([audit?.ok, /\b3\b/.test(audit?.text ?? '')], [false, true])
})

test('audit --follow shows what was and what comes, also behind a restart, until Ctrl-C; it needs the server', async () => {
  using folder = newFolder()
  const env = { ...folder.env, BHOR_PORT: String(await freePort()) }
  const alone = await bhor(env, ['audit', '--follow'])
  assert.deepEqual([alone.code, alone.stdout], [6, ''])
  assert.match(alone.stderr, /No bhor server at unix:/)
  assert.equal((await bhor(env, ['audit', '--follow', '--csv'])).code, 2)
  const first = await startServer(env)
  await bhor(env, sandbox)
  await using follow = start(['audit', '--follow'], env, '')
  await using asJson = start(['audit', '--follow', '--json', '--kind', 'gate'], env, '')
  await follow.says(/added the account demo/, 'stdout')
  await bhor(env, ['pause', 'demo', '--reason', 'the plumber'])
  await follow.says(/paused demo.*the plumber/, 'stdout')
  await asJson.says(/the plumber/, 'stdout')
  await first.stop('SIGTERM')
  await follow.says(/The server does not answer/)
  await using _second = await startServer(env)
  await bhor(env, ['resume', 'demo'])
  await follow.says(/lifted the pause of demo/, 'stdout')
  await asJson.says(/lifted/, 'stdout')
  const { stdout } = await follow.stop('SIGINT')
  assert.equal(stdout.match(/paused demo/g)?.length, 1, stdout)
  const entries = (await asJson.stop('SIGINT')).stdout.trimEnd().split('\n')
  const kinds = entries.map((line) => (JSON.parse(line) as ActivityEntry).kind)
  assert.deepEqual(new Set(kinds), new Set(['gate']))
})

test('doctor: all well with and without a server; an open data folder is found', async () => {
  using folder = newFolder()
  const { env, home } = folder
  const alone = await bhor(env, ['doctor'])
  assert.equal(alone.code, 0, alone.stdout)
  assert.match(alone.stdout, /^ok {2}server: No server runs/m)
  await using _server = await startServer(env)
  const served = await bhor(env, ['doctor'])
  assert.equal(served.code, 0, served.stdout)
  assert.match(served.stdout, /^ok {2}server: The server answers\.$/m)
  for (const check of ['store', 'audit', 'runtime', 'clock', 'accounts', 'data folder'])
    assert.match(served.stdout, new RegExp(`^ok {2}${check}: `, 'm'))
  chmodSync(home, 0o755)
  const open = await bhor(env, ['doctor'])
  assert.equal(open.code, 1)
  assert.match(open.stdout, new RegExp(`^!! {2}data folder: .* chmod 700 ${home}$`, 'm'))
  chmodSync(home, 0o700)
})

test('keys: shown once, listed without the key, refused after they were revoked', async () => {
  using folder = newFolder()
  using elsewhere = newFolder()
  const { env } = folder
  await using server = await startServer(env)
  await bhor(env, sandbox)
  const added = await bhor(env, ['keys', 'add', 'script', '--scopes', 'status', '--accounts', 'demo'])
  const key = added.stdout.trim()
  const listed = await bhor(env, ['keys', 'list', '--json'])
  const [view] = json<KeyView[]>(listed)
  assert.deepEqual([view?.name, view?.scopes, view?.accounts], ['script', ['status'], ['demo']])
  assert.ok(!listed.stdout.includes(key) && !added.stderr.includes(key))
  const program = { ...elsewhere.env, BHOR_URL: server.origin, BHOR_KEY: key }
  assert.deepEqual(
    json<AccountView[]>(await bhor(program, ['status', '--json'])).map(({ account }) => account),
    ['demo'],
  )
  const refused = await bhor(program, ['token', 'demo'])
  assert.deepEqual([refused.code, refused.stdout], [7, ''], refused.stderr)
  assert.equal((await bhor(env, ['keys', 'revoke', view!.id])).code, 0)
  assert.equal((await bhor(program, ['status'])).code, 7)
  for (const [args, code] of [
    [['keys', 'revoke', 'key_nobody'], 3],
    [['keys', 'add', 'x', '--scopes', 'everything'], 2],
    [['keys', 'add', 'x', '--days', 'many'], 2],
  ] as const) {
    const ended = await bhor(env, args)
    assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr)
  }
})
