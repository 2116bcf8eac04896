import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bhor, commandLine, newFolder, start } from '../support/at-the-terminal.ts'
import { onTerminal } from '../support/pseudo-terminal.ts'

test('bhor demo: a live account, the next command, and nothing left of it afterwards', async () => {
  using folder = newFolder()
  const [place, home] = [join(folder.home, 'tmp'), join(folder.home, 'untouched')]
  mkdirSync(place)
  // What this computer's own bhor is set to must not count.
  const env = {
    ...folder.env,
    TMPDIR: place,
    BHOR_HOME: home,
    BHOR_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x',
  }
  await using demo = start(['demo'], env, '')
  const command = await demo.says(/^ {2}(BHOR_HOME=\S+ bhor token demo)$/m)
  assert.match(
    demo.stderr,
    /The desk is up at http:\/\/127\.0\.0\.1:\d+; the account demo is live until .* IST\./,
  )
  // A log must not hold a link that opens the page.
  assert.doesNotMatch(demo.stderr, /sign-in|\.localhost/)
  const [, named = ''] = /^BHOR_HOME=(\S+)/.exec(command) ?? []
  const token = await bhor({ ...folder.env, BHOR_HOME: named }, ['token', 'demo'])
  assert.match(token.stdout, /^\w{32}\n$/)
  assert.deepEqual(readdirSync(place), [named.slice(place.length + 1)])
  const { code, stdout } = await demo.stop('SIGTERM')
  assert.deepEqual([code, stdout, readdirSync(place), existsSync(home)], [0, '', [], false])
})

test('through npx the next command begins with npx, and at a terminal the page has a link', async () => {
  using folder = newFolder()
  const env = { ...folder.env, TMPDIR: folder.home, npm_command: 'exec' }
  const { code, stdout } = await onTerminal(`${commandLine} demo`, env, [[/Ctrl-C ends it/, '\u0003']])
  assert.equal(code, 0, stdout)
  assert.match(stdout, /BHOR_HOME=\S+ npx bhor token demo/)
  assert.match(stdout, /http:\/\/\S+\.localhost:\d+\//)
  assert.deepEqual(readdirSync(folder.home), [])
})
