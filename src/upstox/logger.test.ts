import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openBed } from '../../test/support/document-004.ts'
import { BhorError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { ErrorHandler } from './error-handler.ts'
import { Logger } from './logger.ts'

test('a log of plain lines, by level, open to this user alone', async () => {
  await using bed = await openBed()
  Logger.setup({ level: 'warning' })
  const file = join(bed.home, '.hft', 'logs', 'hft.log')
  const logger = Logger.get()
  logger.debug('one')
  logger.info('two')
  logger.warning('three')
  logger.error('four\nfive')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  assert.equal(lines.length, 2)
  assert.match(lines[0]!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d WARNING three$/)
  assert.match(lines[1]!, / ERROR four five$/)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  // Whoever rotates logs moves them away.
  renameSync(file, `${file}.1`)
  logger.error('after that')
  assert.match(readFileSync(file, 'utf8'), /^.* ERROR after that\n$/)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const own = Logger.setup({ logFile: join(bed.home, 'own', 'my.log'), level: 'DEBUG' })
  own.debug('six')
  const thrown: unknown = new Error('seven')
  own.error(thrown as string)
  assert.match(readFileSync(join(bed.home, 'own', 'my.log'), 'utf8'), / DEBUG six\n.* ERROR Error: seven\n$/)
})

test('whatever is told, no secret is', async () => {
  await using bed = await openBed()
  const file = join(bed.home, 'my.log')
  Logger.setup({ logFile: file })
  const secret = new Secret('s3cret-0f-this-test')
  const error = new BhorError('app_invalid', `It said ${secret.reveal()}`)
  ErrorHandler.handleException(error, 'Authentication failed')
  ErrorHandler.handleException(new TypeError('odd'))
  ErrorHandler.handleException('thrown as text')
  const text = readFileSync(file, 'utf8')
  assert.match(text, /ERROR Authentication failed: It said \[secret\] .*\(app_invalid\)/)
  assert.match(text, /ERROR Error: TypeError: odd\n.*thrown as text/)
  assert.doesNotMatch(text, /s3cret/)
})

test('a level that there is not, and a place that cannot be written, are refused when the log is set up', async () => {
  await using bed = await openBed()
  assert.throws(() => Logger.setup({ level: 'LOUD' as 'INFO' }), { code: 'bad_field', hint: /DEBUG, INFO/ })
  for (const logFile of [null, 7, {}] as unknown[])
    assert.throws(() => Logger.setup({ logFile: logFile as string }), { code: 'config_invalid' })
  mkdirSync(join(bed.home, 'folder'))
  assert.throws(() => Logger.setup({ logFile: join(bed.home, 'folder') }), {
    code: 'system_refused',
    hint: /log file path is writable/,
  })
  if (process.platform === 'linux')
    assert.throws(() => Logger.setup({ logFile: '/proc/nowhere/logs/hft.log' }), {
      code: 'system_refused',
      hint: /log file path is writable/,
    })
})

test('before it is set up it says nothing and breaks nothing', () => {
  const program = `import { ErrorHandler, Logger } from '${import.meta.dirname}/index.ts'
    Logger.get().error('x'); ErrorHandler.handleException(new Error('y'))`
  const options = { encoding: 'utf8' } as const
  assert.equal(execFileSync(process.execPath, ['--input-type=module', '-e', program], options), '')
})
