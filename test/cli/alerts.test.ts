import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AlertChannelAdded, AlertChannelView } from '../../src/contracts/alerts.ts'
import { startReceiver } from '../support/alerts/receiver.ts'
import { bhor, json, newFolder } from '../support/at-the-terminal.ts'
import { startBotApi } from '../support/telegram/bot-api.ts'

test('channels are added, listed, tested, changed and removed; their secrets are never shown again', async () => {
  using folder = newFolder()
  const { home } = folder
  const env = { ...folder.env, BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1' }
  await using phone = await startBotApi()
  phone.chat({ id: 42, type: 'private' })
  const token = join(home, 'token')
  writeFileSync(token, `${phone.token}\n`, { mode: 0o600 })
  const run = async (args: string[], input = '') => {
    const ended = await bhor(env, ['alerts', ...args], input)
    assert.equal(`${ended.stdout}${ended.stderr}`.includes(phone.token), false, args.join(' '))
    return ended
  }
  const add = ['add', 'telegram', 'phone', '--chat', '42', '--server', phone.url]
  const added = await run([...add, '--token-file', token, '--quiet', '22:00-06:30'])
  assert.equal(added.code, 0, added.stderr)
  assert.match(added.stderr, /Added: phone \(chat 42\)\. See whether it works: bhor alerts test phone/)
  const tested = await run(['test', 'phone'])
  assert.equal(tested.code, 0, tested.stderr)
  assert.match(phone.messages[0]?.text ?? '', /This is a test/)
  const listed = await run(['list'])
  assert.match(listed.stdout, /^NAME .*\nphone +telegram +chat 42 +warning +all +22:00-06:30 +working +0 /)

  // A webhook's secret is made, and shown this once.
  await using hook = await startReceiver()
  const made = await bhor(
    env,
    ['alerts', 'add', 'webhook', 'bot', '--url-file', '-', '--json'],
    `${hook.url}/x?key=abc123\n`,
  )
  assert.equal(made.code, 0, made.stderr)
  const { made: secrets, target } = json<AlertChannelAdded>(made)
  assert.match(secrets.secret ?? '', /^whsec_/)
  assert.equal(target, `${hook.url}/…`)
  const both = json<AlertChannelView[]>(await run(['list', '--json']))
  assert.deepEqual(
    both.map(({ name, state, secrets: kept }) => [name, state, kept]),
    [
      ['bot', 'new', ['secret', 'url']],
      ['phone', 'working', ['token']],
    ],
  )
  assert.doesNotMatch(JSON.stringify(both), /whsec_|abc123/)

  // What is not given stays.
  assert.equal(
    (await run(['edit', 'phone', '--least', 'critical', '--quiet', 'none', '--rename', 'papa-phone'])).code,
    0,
  )
  const [, edited] = json<AlertChannelView[]>(await run(['list', '--json']))
  assert.deepEqual(
    [edited?.name, edited?.leastSeverity, edited?.quiet, edited?.settings.chat],
    ['papa-phone', 'critical', null, '42'],
  )
  assert.equal((await run(['test', 'papa-phone'])).code, 0)
  phone.breakDown(502)
  const failed = await run(['test', 'papa-phone'])
  assert.deepEqual(
    [failed.code, /bhor: The receiver answers 502\.\n {6}Try: .+\n$/.test(failed.stderr)],
    [6, true],
  )
  const failing = await run(['list'])
  assert.match(`${failing.stdout}${failing.stderr}`, /papa-phone: The receiver answers 502\./)

  const gone = await run(['remove', 'papa-phone'])
  assert.deepEqual([gone.code, /bhor: /.test(gone.stderr)], [2, true], 'nobody was asked')
  assert.equal((await run(['remove', 'papa-phone', '--yes'])).code, 0)
  assert.equal((await run(['remove', 'papa-phone', '--yes'])).code, 3)
})

test('what is wrong is refused by name, with one hint, before anything is kept', async () => {
  using folder = newFolder()
  const { env, home } = folder
  const file = (name: string, text: string) => {
    const path = join(home, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
  const good = file('good', `123456789:${'A'.repeat(35)}`)
  const spaced = file('spaced', `123456789:${'A'.repeat(17)} ${'A'.repeat(17)}`)
  const mail = ['add', 'email', 'x', '--server', 'smtp.example:587', '--from', 'a@example.com']
  const cases: readonly (readonly [args: readonly string[], input: string, code: number, says: RegExp])[] = [
    [['add', 'pigeon', 'x'], '', 2, /no such kind of channel/],
    [['add', 'telegram', 'x'], '', 2, /Bot token is missing/],
    [['add', 'telegram', 'x', '--chat', '1', '--token-file', spaced], '', 2, /bot token does not look right/],
    [['add', 'telegram', 'x', '--chat', '-1001/7', '--token-file', good], '', 2, /--topic/],
    [['add', 'telegram', 'x', '--token', 'abc', '--chat', '1'], '', 2, /--token-file/],
    [['add', 'telegram', 'Not A Name', '--chat', '1', '--token-file', good], '', 2, /no name for a channel/],
    [
      ['add', 'telegram', 'x', '--chat', '1', '--token-file', good, '--accounts', 'nobody'],
      '',
      3,
      /no account/,
    ],
    [
      ['add', 'telegram', 'x', '--chat', '1', '--token-file', good, '--quiet', 'night'],
      '',
      2,
      /--quiet 22:00-06:30/,
    ],
    [
      ['add', 'telegram', 'x', '--chat', '1', '--token-file', good, '--quiet', '25:00-06:00'],
      '',
      2,
      /22:00 and 06:30/,
    ],
    [
      ['add', 'telegram', 'x', '--chat', '1', '--token-file', good, '--least', 'loud'],
      '',
      2,
      /severity|leastSeverity/,
    ],
    [['add', 'webhook', 'x', '--url-file', '-'], 'https://192.168.1.1/x', 7, /alerts_private_targets/],
    [['add', 'webhook', 'x', '--url-file', '-'], 'http://127.0.0.1/x', 7, /alerts_private_targets/],
    [['add', 'webhook', 'x', '--url-file', '-'], 'https://me:pw@hooks.example/x', 7, /user or password/],
    [['add', 'webhook', 'x', '--url-file', '-'], 'hooks.example', 2, /not a web address/],
    [
      ['add', 'ntfy', 'x', '--server', 'https://ntfy.example/topic', '--topic-file', good],
      '',
      2,
      /followed by a path/,
    ],
    [[...mail, '--to', 'Papa <papa@example.com>'], '', 2, /no mail address/],
    [[...mail, '--to', 'papa@example.com', '--user', 'me'], '', 2, /belong together/],
    [[...mail, '--to', 'papa@example.com', '--tls', 'maybe'], '', 2, /starttls, tls or none/],
    [['edit', 'nobody', '--least', 'info'], '', 3, /no channel nobody/],
    [['test', 'nobody'], '', 3, /no channel nobody/],
  ]
  for (const [args, input, code, says] of cases) {
    const ended = await bhor(env, ['alerts', ...args], input)
    assert.deepEqual([ended.code, ended.stdout], [code, ''], `${args.join(' ')}: ${ended.stderr}`)
    assert.match(ended.stderr, says, args.join(' '))
    assert.match(ended.stderr, /bhor: .+\n {6}Try: .+\n$/, args.join(' '))
    assert.doesNotMatch(ended.stderr, /AAAAAAAAAA|me:pw/)
  }
  assert.deepEqual(json(await bhor(env, ['alerts', 'list', '--json'])), [])
})
