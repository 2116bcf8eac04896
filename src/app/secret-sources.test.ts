import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { refused } from '../../test/support/bed.ts'
import { secretSources } from './secret-sources.ts'

function bed() {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-sources-'))
  /** A manager of passwords: it says what it was asked and what it sees of bhor. */
  const manager = join(folder, 'pass')
  const script = `#!/bin/sh
case "$2" in
  broker/kite) echo thesecret;;
  env) echo "$BHOR_MASTER_KEY-$HOME";;
  many) head -c 100000 /dev/zero | tr '\\0' x;;
  locked) echo 'thesecret of somebody' >&2; exit 1;;
  words) shift; echo "$#:$*";;
esac
`
  writeFileSync(manager, script, { mode: 0o700 })
  const env = {
    HOME: '/home/you',
    BHOR_MASTER_KEY: 'never',
    PATH: `${folder}:/usr/bin:/bin`,
    KITE_SECRET: 'fromenv',
  }
  return {
    folder,
    manager,
    sources: secretSources([`${manager} show`, 'op read'], env),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

test('a secret comes from a variable, a closed file, or a command that is allowed', async () => {
  using on = bed()
  const { sources, folder, manager } = on
  const read = async (reference: string) => (await sources.read(reference)).reveal()
  assert.equal(await read('env:KITE_SECRET'), 'fromenv')
  const file = join(folder, 'secret')
  writeFileSync(file, 'fromfile\n', { mode: 0o600 })
  assert.equal(await read(`file:${file}`), 'fromfile')
  assert.equal(await read(`command:${manager} show broker/kite`), 'thesecret')
  // No shell reads it, and it sees nothing of bhor's.
  assert.equal(await read(`command:${manager} show words $(id) ; |`), '4:words $(id) ; |')
})

test('what is not allowed is not run, and what fails says so without what it has said', async () => {
  using on = bed()
  const { sources, folder, manager } = on
  const { read } = sources
  await refused(read(`command:${manager} insert broker/kite`), 'secret_source_refused')
  await refused(read(`command:${manager} show`), 'secret_source_refused')
  await refused(read(`command:${manager} show --clip`), 'secret_source_refused')
  await refused(read('command:op-evil read x'), 'secret_source_refused')
  await refused(read('command:op read op://vault/item/field'), 'secret_source_failed')
  await refused(read(`command:${manager} show many`), 'secret_source_failed')
  await refused(read('env:NOBODY_SETS_THIS'), 'secret_source_failed')
  await refused(read(`file:${join(folder, 'none')}`), 'secret_source_failed')
  const open = join(folder, 'open')
  writeFileSync(open, 'x')
  chmodSync(open, 0o644)
  await refused(read(`file:${open}`), 'permissions_too_wide')
  await assert.rejects(read(`command:${manager} show locked`), (error: Error) => {
    assert.doesNotMatch(`${error.message}${String(error.stack)}`, /thesecret/)
    return true
  })
  assert.equal((await read(`command:${manager} show env`)).reveal(), '-/home/you')
})

test('what speaks against a place shows before it is asked, and no command is run for that', async () => {
  using on = bed()
  const { sources, folder, manager } = on
  await refused(sources.check(`command:${manager} insert broker/kite`), 'secret_source_refused')
  await refused(sources.check('env:NOBODY_SETS_THIS'), 'secret_source_failed')
  await refused(sources.check(`file:${join(folder, 'none')}`), 'secret_source_failed')
  await sources.check('env:KITE_SECRET')
  const ran = join(folder, 'ran')
  writeFileSync(manager, `#!/bin/sh\ntouch '${ran}'\n`)
  await sources.check(`command:${manager} show broker/kite`)
  assert.equal(existsSync(ran), false)
  // Nobody writes to it: whoever read it would wait.
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', ['-m', '600', pipe])
  await sources.check(`file:${pipe}`)
})
