import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bhor, freePort, json, newFolder, startServer } from '../../../test/support/at-the-terminal.ts'
import { openDoors } from '../../../test/support/doors.ts'
import { doctor } from '../../app/doctor.ts'
import type { AccountView } from '../../contracts/api.ts'
import { checkRedirectUrl, redirectNote } from './redirect-url.ts'

test('a redirect URL is stored as it is written, so what is around it or in it is refused', () => {
  const refused = (value: string, why: RegExp) =>
    assert.throws(() => checkRedirectUrl('redirectUrl', value), { code: 'bad_field', message: why }, value)
  const good = 'https://example.com/back'
  for (const around of [' ', '\t', '\n', '\r\n', '\u00a0', '\ufeff', '\u200b', '\u0000', '\u3000'])
    for (const value of [
      around + good,
      good + around,
      `https://exam${around}ple.com/back`,
      `${good}${around}/x`,
    ])
      refused(value, /a blank, or a letter that no address has/)
  refused('https://exämple.com/back', /a letter that no address has/)
  refused('https://example.com/प्रात', /a letter that no address has/)
  for (const value of [
    '',
    'back',
    '/callback/kite',
    '127.0.0.1:7878/callback/kite',
    `https://example.com/${'x'.repeat(500)}`,
  ])
    refused(value, /not an address|must be https/)
  for (const value of [
    'https:example.com/back',
    'https:/example.com/back',
    'https:\\\\example.com\\back',
    'https:///example.com',
    `https://example.com/b"ack`,
    'https://example.com/<back>',
  ])
    refused(value, /not written out in full/)
  for (const value of ['https://example.com/#', 'https://user@example.com/', 'https://example.com/#x'])
    refused(value, /a fragment or a credential/)
  for (const value of ['http://localhost:7878/x', 'https://localhost/x', 'http://LOCALHOST./x'])
    refused(value, /localhost/)
  for (const value of [
    'http://example.com/x',
    'http://127.0.0.2/x',
    'ftp://127.0.0.1/x',
    'http://0.0.0.0:7878/x',
  ])
    refused(value, /must be https/)
  for (const value of [
    good,
    'https://example.com',
    'https://Example.com:443/a?b=c%20d',
    'http://[::1]:7878/callback/kite',
    'http://127.0.0.1:7878/callback/kite',
  ])
    assert.equal(checkRedirectUrl('redirectUrl', value), value)
})

test('a redirect URL that neither the desk nor the porch serves has a note', () => {
  const own = 'http://127.0.0.1:7878/callback/upstox'
  const note = (value: string) => redirectNote(value, own)
  assert.equal(note(own), null)
  for (const [value, why] of [
    // Of a porch or a desk of earlier, or of another program that shares the app.
    [
      'https://old.example/callback/upstox',
      /^A login comes back to old\.example, .* not to the desk\. .*paste/,
    ],
    ['https://127.0.0.2/', /comes back to 127\.0\.0\.2/],
    [`${own}/`, /nearly, but not quite/],
    ['http://127.0.0.1:7878/Callback/upstox', /nearly, but not quite/],
    ['http://127.0.0.1:7878/callback/kite', /nearly, but not quite/],
    ['http://127.0.0.1:7878/', /takes none at \//],
    ['http://127.0.0.1:7878/back', /takes none at \/back/],
    ['http://127.0.0.1:7800/callback/upstox', /listens at port 7878, not at port 7800/],
    ['http://127.0.0.1/callback/upstox', /not at port 80/],
    ['http://[::1]:7878/callback/upstox', /answers as 127\.0\.0\.1, not as \[::1\]/],
    ['https://127.0.0.1:7878/callback/upstox', /speaks http/],
    // Of rows that are older than the rules.
    [' https://example.com/back', /a blank/],
    ['http://localhost:7878/callback/upstox', /localhost/],
  ] as const) {
    assert.match(note(value) ?? '', why, value)
  }
  const anyPort = 'http://127.0.0.1:0/callback/kite'
  for (const value of ['http://127.0.0.1:9/x', 'https://old.example/x'])
    assert.equal(redirectNote(value, anyPort), null)

  const porch = 'https://bhor.example/callback/upstox'
  assert.equal(redirectNote(porch, own, porch), null)
  assert.equal(redirectNote(own, own, porch), null)
  const elsewhere = 'https://old.example/callback/upstox'
  assert.match(
    redirectNote(elsewhere, own, porch) ?? '',
    new RegExp(`neither to the porch .* Register ${porch} `),
  )
  // An app that its broker has published leads to the broker; what is wrong on this computer is wrong all the same.
  const published = { mayBeElsewhere: true }
  assert.equal(redirectNote(elsewhere, own, porch, published), null)
  assert.match(redirectNote('http://127.0.0.1:9/x', own, porch, published) ?? '', /not at port 9/)
})

test('it is told when it is added, by the account, and by doctor', async () => {
  await using doors = await openDoors()
  const { app } = doors.world
  const view = await doors.world.addAccount({ redirectUrl: `${doors.server.origin}/callback/kite/` })
  assert.match(
    view.redirectNote ?? '',
    new RegExp(`Register ${doors.server.origin}/callback/kite at the broker`),
  )
  await doors.world.addAccount({ account: 'papa' })
  const [found] = (await doctor(app, app.operator)).filter(({ check }) => check === 'accounts')
  assert.deepEqual(
    [found?.ok, /demo: /.test(found?.text ?? ''), /papa: /.test(found?.text ?? '')],
    [false, true, false],
  )
  assert.equal((await app.desk.accounts.edit(app.operator, 'demo', { redirectUrl: '' })).redirectNote, null)
  assert.equal((await doctor(app, app.operator)).find(({ check }) => check === 'accounts')?.ok, true)
})

test('a port that is changed later is told at the terminal', async () => {
  using folder = newFolder()
  const [before, after] = [await freePort(), await freePort()]
  const env = { ...folder.env, BHOR_PORT: String(before) }
  {
    await using _server = await startServer(env)
    const added = await bhor(env, [
      'accounts',
      'add',
      'demo',
      '--broker',
      'kite',
      '--sandbox',
      '--label',
      'My desk',
    ])
    assert.doesNotMatch(added.stdout, /note:/)
  }
  const moved = { ...env, BHOR_PORT: String(after) }
  await using _server = await startServer(moved)
  const shown = await bhor(moved, ['accounts', 'show', 'demo'])
  assert.match(shown.stdout, new RegExp(`note: +A login .*listens at port ${after}, not at port ${before}`))
  const doctored = await bhor(moved, ['doctor'])
  assert.deepEqual(
    [doctored.code, /accounts: .*demo: A login/.test(doctored.stdout)],
    [1, true],
    doctored.stdout,
  )
  const edited = await bhor(moved, ['accounts', 'edit', 'demo', '--redirect-url', '', '--json'])
  assert.equal(json<AccountView>(edited).redirectNote, null)
  const spoilt = await bhor(moved, ['accounts', 'edit', 'demo', '--redirect-url', ' https://example.com/x'])
  assert.deepEqual([spoilt.code, /holds a blank/.test(spoilt.stderr)], [2, true])
})
