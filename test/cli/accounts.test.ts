import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AccountView } from '../../src/contracts/api.ts'
import { bhor, newFolder, startServer } from '../support/at-the-terminal.ts'

const live = ['accounts', 'add', 'personal', '--broker', 'kite', '--api-key', 'appkey0001']
const secret = 'SecretOfTheApp0001'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/

/** What a command line did, without what differs between any two runs. */
async function told(env: NodeJS.ProcessEnv, args: readonly string[], input?: string) {
  const { code, stdout, stderr } = await bhor(env, args, input)
  const plain = (text: string) =>
    text.replace(/127\.0\.0\.1:\d+|acc_\w{16}|sandbox\w{9}\b|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
  // What a process says of itself, not of the command.
  const talk = stderr
    .split('\n')
    .filter((line) => !/simulator for sandbox|master key|Whoever has/.test(line))
    .join('\n')
  return { args: args.join(' '), code, stdout: plain(stdout), stderr: plain(talk) }
}

const script: readonly (readonly [args: readonly string[], code: number, input?: string])[] = [
  [['accounts', 'list'], 0],
  [['accounts', 'add', 'demo', '--broker', 'upstox', '--sandbox', '--json'], 0],
  [['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox'], 2],
  [['accounts', 'add', 'Papa!', '--broker', 'kite', '--sandbox'], 2],
  [['accounts', 'add', 'papa', '--broker', 'nobroker', '--sandbox'], 3],
  [[...live, '--api-secret-file', '-', '--label', 'My own', '--user', 'AB1234'], 0, `${secret}\n`],
  [['accounts', 'show', 'personal', '--json'], 0],
  [['accounts', 'edit', 'personal'], 2],
  [['accounts', 'edit', 'personal', '--label', 'Mine', '--rename', 'mine'], 0],
  [['accounts', 'show', 'personal'], 3],
  [['accounts', 'list', '--json'], 0],
  [['accounts', 'list'], 0],
  [['accounts', 'remove', 'mine'], 2],
  [['accounts', 'remove', 'mine', '--yes', '--json'], 0],
  [['accounts', 'remove', 'mine', '--yes'], 3],
]

test('accounts are the same with and without a running server', async () => {
  const runs = await Promise.all(
    [true, false].map(async (isServed) => {
      using folder = newFolder()
      const { env } = folder
      await using _server = isServed ? await startServer(env) : undefined
      const done = []
      for (const [args, code, input] of script) {
        const ended = await told(env, args, input)
        assert.equal(ended.code, code, `${ended.args}: ${ended.stderr}`)
        assert.ok(!`${ended.stdout}${ended.stderr}`.includes(secret), ended.args)
        if (args.includes('--json')) JSON.parse(ended.stdout)
        if (code !== 0) {
          assert.equal(ended.stdout, '', ended.args)
          assert.match(ended.stderr, /^bhor: .+\n {6}Try: .+\n$/, ended.args)
        }
        done.push(ended)
      }
      return done
    }),
  )
  assert.deepEqual(runs[0], runs[1])
  const shown = JSON.parse(runs[0]![6]!.stdout) as AccountView
  assert.deepEqual(
    [shown.account, shown.broker, shown.kind, shown.label, shown.userId, shown.hasSecret, shown.status],
    ['personal', 'kite', 'live', 'My own', 'AB1234', true, 'none'],
  )
})

test('a secret on a command line is refused and not repeated', async () => {
  using folder = newFolder()
  const key = `bhor_${'k'.repeat(43)}`
  for (const args of [
    [...live, '--api-secret', secret],
    [...live, `--api-secret=${secret}`],
    ['login', 'demo', '--pin=246810'],
    ['token', key],
    ['token', 'demo', key],
    ['keys', 'revoke', key],
  ]) {
    const { code, stdout, stderr } = await bhor(folder.env, args)
    assert.deepEqual([code, stdout], [2, ''], args.join(' '))
    assert.match(stderr, /command line/)
    for (const value of [secret, key, '246810']) assert.ok(!stderr.includes(value), args.join(' '))
  }
  // A mistyped option may have a secret behind it.
  const mistyped = await bhor(folder.env, [...live, `--api-secrt=${secret}`])
  assert.equal(mistyped.code, 2)
  assert.match(mistyped.stderr, /Unknown option '--api-secrt'/)
  assert.ok(!mistyped.stderr.includes(secret))
})

test('what cannot be printed is never echoed', async () => {
  using folder = newFolder()
  const evil = 'a\u001b]0;owned\u0007\u009b31m\u202eb'
  for (const args of [
    ['token', evil],
    ['accounts', 'show', evil],
    ['accounts', 'add', 'papa', '--broker', evil, '--sandbox'],
    ['login', 'demo', `--${evil}`],
    [evil],
    ['serve', '--port', evil],
  ]) {
    const { code, stdout, stderr } = await bhor(folder.env, args)
    assert.notEqual(code, 0)
    assert.doesNotMatch(stdout + stderr, unprintable, args.join(' '))
  }
})

test('a secret from a pipe, as shells pass what another program prints', async () => {
  using folder = newFolder()
  const pipe = join(folder.home, 'pipe')
  execFileSync('mkfifo', ['-m', '600', pipe])
  const adding = bhor(folder.env, [...live, '--api-secret-file', pipe])
  await writeFile(pipe, 'a-secret-of-32-characters-xxxxxx\n')
  const { code, stderr } = await adding
  assert.equal(code, 0, stderr)
  assert.match(stderr, /line end .* was left off/)
})

test('secrets from stdin and files: refused when empty, too large or unreadable', async () => {
  using folder = newFolder()
  const { env, home } = folder
  const file = join(home, 'empty')
  const lossy = join(home, 'lossy')
  const wide = join(home, 'wide')
  writeFileSync(file, '\n', { mode: 0o600 })
  writeFileSync(lossy, Buffer.from('pass\xffword', 'latin1'), { mode: 0o600 })
  writeFileSync(wide, 'password\n', { mode: 0o644 })
  const tooWide = await bhor(env, [...live, '--api-secret-file', wide])
  assert.deepEqual([tooWide.code, tooWide.stdout], [5, ''], tooWide.stderr)
  assert.match(tooWide.stderr, /is open to other users: chmod 600/)
  for (const [from, input, said] of [
    ['-', '', /is empty/],
    ['-', '\ufeff\r\n', /is empty/],
    ['-', 'x'.repeat(64 * 1024 + 1), /larger than 64 KiB/],
    ['-', 'two words', /Try:/],
    [file, '', /is empty/],
    [lossy, '', /is not UTF-8/],
    ['-', Buffer.from([0x61, 0xc3]), /is not UTF-8/],
    [join(home, 'nowhere'), '', /cannot be read/],
  ] as const) {
    const { code, stdout, stderr } = await bhor(env, [...live, '--api-secret-file', from], input)
    assert.deepEqual([code, stdout], [2, ''], stderr)
    assert.match(stderr, said)
    assert.ok(!stderr.includes('two words') && !stderr.includes('xxx'))
  }
})
