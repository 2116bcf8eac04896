import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from 'commander'
import { errorTable } from '../core/errors.ts'
import { redact } from '../core/redact.ts'
import { buildProgram, main } from './main.ts'

/** Commands that do something, by their words. */
function leaves(command: Command, words: string[] = []): [string, Command][] {
  const below = command.commands.flatMap((child) => leaves(child, [...words, child.name()]))
  const isGroup = command.commands.length > 0 && command.name() !== 'audit'
  return isGroup ? below : [[words.join(' '), command], ...below]
}

test('every command that prints data prints it as JSON when asked', () => {
  const without = leaves(buildProgram()).filter(
    ([, command]) => !command.options.some(({ long }) => long === '--json'),
  )
  assert.deepEqual(
    without.map(([words]) => words),
    // They print no data at all, or what is for a shell or a person alone; what `exec` runs prints its own.
    [
      'serve',
      'exec',
      'desk passphrase',
      'unlock',
      'service install',
      'service remove',
      'service logs',
      'demo',
      'simulator',
      'completion',
      'help',
    ],
  )
})

test('no option takes a secret itself', () => {
  const options = leaves(buildProgram()).flatMap(([words, { options: all }]) =>
    all.map(({ long }) => `${words} ${long}`),
  )
  assert.ok(options.length > 40)
  for (const option of options)
    assert.doesNotMatch(option, /secret$|password$|pin$|token$|totp$|phone$|--key$/)
})

test('a secret on a command line is refused before anything is parsed, whatever it is called, and not repeated', async () => {
  const canary = 'SUPERSECRETVALUE'
  const names = [
    '--api-secret',
    '--apisecret',
    '--API-SECRET',
    '--secret',
    '--password',
    '--pass',
    '--token',
    '--key',
    '--passphrase',
    '--pin',
    '--totp',
    '--master-key',
    '--client-secret',
    '--access-token',
  ]
  const lines = names.flatMap((name) => [[name, canary], [`${name}=${canary}`]])
  for (const args of [...lines, [`bhor_${'k'.repeat(43)}`]]) {
    await assert.rejects(
      main(['accounts', 'add', 'demo', ...args]),
      (error: { code?: string; message: string; hint?: string }) => {
        assert.equal(error.code, 'secret_in_arguments')
        assert.ok(!`${error.message}${error.hint}`.includes(canary) && !error.message.includes('bhor_k'))
        return true
      },
    )
  }
})

test('a mistyped name is answered with the right one, what stands behind it is not repeated', async () => {
  const rows: [string[], RegExp, RegExp][] = [
    [
      ['accounts', 'add', 'demo', '--api-secrt-file', 'canary'],
      /^Unknown option '--api-secrt-file'\.$/,
      /Did you mean --api-secret-file\?/,
    ],
    [
      ['accounts', 'add', 'demo', '--api-secrt-file=canary'],
      /^Unknown option '--api-secrt-file'\.$/,
      /--help/,
    ],
    [['statis'], /^Unknown command 'statis'\.$/, /Did you mean status\?/],
    [['token', 'demo', '--min-lif', '20m'], /^Unknown option '--min-lif'\.$/, /Did you mean --min-life\?/],
    [['keys', 'revoke'], /^Missing required argument 'id'\.$/, /--help/],
  ]
  for (const [args, said, hint] of rows) {
    await assert.rejects(main(args), (error: { code?: string; message: string; hint?: string }) => {
      assert.equal(error.code, 'usage')
      assert.match(error.message, said)
      assert.match(error.hint ?? '', hint)
      assert.ok(!error.message.includes('canary'))
      return true
    })
  }
})

test('the exit codes are the few of the product, and no hint is blackened', () => {
  for (const [code, { exit, http, hint }] of Object.entries(errorTable)) {
    assert.ok(
      [1, 2, 3, 4, 5, 6, 7, 124, ...(code.startsWith('command_') ? [126, 127] : [])].includes(exit),
      code,
    )
    assert.ok(http >= 400 && http < 600, code)
    assert.equal(redact(hint), hint, code)
  }
})
