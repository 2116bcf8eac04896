import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Restored } from '../../src/app/backup/restore.ts'
import type { BackupsView, DoctorFinding, HandOut } from '../../src/contracts/api.ts'
import { bhor, json, logIn, newFolder, startServer } from '../support/at-the-terminal.ts'

const passphrase = 'six random words for the backup'

test('backup of a running server, a drill, and a restore into an empty folder', async () => {
  using folder = newFolder()
  using other = newFolder()
  const { env } = folder
  const run = (...args: string[]) => bhor(env, args)
  const elsewhere = (args: string[], input = '') => bhor(other.env, args, input)
  const words = join(folder.home, 'words')
  writeFileSync(words, `${passphrase}\n`, { mode: 0o600 })
  writeFileSync(join(folder.home, 'config.toml'), 'unused_key_days = 31\n', { mode: 0o600 })
  const file = join(folder.home, 'one.backup')
  let given: HandOut
  let rows = ''
  {
    await using _server = await startServer(env)
    await run('accounts', 'add', 'demo', '--broker', 'kite', '--sandbox')
    assert.equal((await logIn(env, 'demo')).code, 0)
    given = json<HandOut>(await run('token', 'demo', '--format', 'json'))
    const made = await run('backup', file, '--passphrase-file', words)
    assert.deepEqual([made.code, made.stdout], [0, ''], made.stderr)
    assert.match(made.stderr, /\d+ rows are in .*one\.backup \(\d+ bytes\)\.\n.*bhor restore --check/)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(readFileSync(file).includes(given.accessToken), false)
    const again = await run('backup', file, '--passphrase-file', words)
    assert.equal(again.code, 1)
    assert.match(again.stderr, /already there.*\n.*--force/)
    const forced = await bhor(
      env,
      ['backup', file, '--force', '--passphrase-file', '-', '--json'],
      passphrase,
    )
    assert.equal(json<BackupsView>(forced).last?.path, file)
    rows = String(json<BackupsView>(forced).last?.rows)
    assert.match((await run('backup')).stdout, /^Last backup: .* IST, .*one\.backup\nNone is made by itself/)
    const drilled = await run('backup', '--drill', '--passphrase-file', words)
    assert.equal(drilled.code, 0, drilled.stderr)
    assert.match(
      drilled.stderr,
      /one\.backup of .* IST \(bhor .*\) can be restored: \d+ rows, \d+ audit records\./,
    )
    const wrong = await bhor(
      env,
      ['backup', file, '--drill', '--passphrase-file', '-'],
      'quite other words here',
    )
    assert.deepEqual([wrong.code, wrong.stdout], [5, ''])
    assert.match(
      (await run('backup')).stdout,
      /Tried out .* IST: .*one\.backup cannot be restored: .*passphrase/,
    )
    const busy = await run('restore', file, '--passphrase-file', words)
    assert.deepEqual([busy.code, busy.stdout], [5, ''])
    assert.match(busy.stderr, /server runs in this data folder/)
  }
  for (const [args, input, code, said] of [
    [['--passphrase'], '', 2, /Secrets are not taken on the command line/],
    [
      ['--passphrase-file', '-'],
      'six random words for the backups',
      5,
      /passphrase does not open this backup/,
    ],
    [[], '', 2, /there is no terminal/],
  ] as const) {
    const refused = await elsewhere(['restore', file, ...args], input)
    assert.deepEqual([refused.code, refused.stdout], [code, ''], refused.stderr)
    assert.match(refused.stderr, said)
    assert.equal(refused.stderr.includes('six random'), false)
  }
  const used = await run('restore', file, '--passphrase-file', words)
  assert.equal(used.code, 5)
  assert.match(used.stderr, /There is a store already\.\n.*empty data folder/)
  const drill = await elsewhere(['restore', '--check', file, '--passphrase-file', words])
  assert.equal(drill.code, 0, drill.stderr)
  assert.match(drill.stderr, /can be restored: \d+ rows, \d+ audit records\. Nothing was changed here/)
  assert.equal(/(\d+) rows/.exec(drill.stderr)?.[1], rows, 'as many as were written')
  assert.equal(existsSync(join(other.home, 'bhor.db')), false)
  const restored = json<Restored>(await elsewhere(['restore', file, '--json', '--passphrase-file', words]))
  assert.deepEqual([restored.isIntact, restored.config], [true, 'written'])
  assert.equal(readFileSync(join(other.home, 'config.toml'), 'utf8'), 'unused_key_days = 31\n')
  await using _server = await startServer(other.env)
  const after = json<HandOut>(await elsewhere(['token', 'demo', '--format', 'json']))
  assert.deepEqual([after.accessToken, after.generation], [given.accessToken, given.generation])
  assert.equal((await elsewhere(['audit', 'verify'])).code, 0)
  const findings = json<DoctorFinding[]>(await elsewhere(['doctor', '--json']))
  assert.match(findings.find(({ check }) => check === 'backup')?.text ?? '', /none is made by itself/)
})
