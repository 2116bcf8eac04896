import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type SmtpServer, startSmtpServer } from '../../../test/support/alerts/smtp-server.ts'
import { expiredCertificate, selfSigned } from '../../../test/support/self-signed.ts'
import type { Alert, AlertMessage, ChannelSettings } from '../../contracts/alerts.ts'
import { ManualClock } from '../../core/clock.ts'
import { isBhorError } from '../../core/errors.ts'
import { ipNetwork } from '../../core/ip-network.ts'
import { Secret } from '../../core/secret.ts'
import { Dialler } from '../dialler.ts'
import { emailType } from './email.ts'

// As an operator does with NODE_EXTRA_CA_CERTS.
const ordinary = getCACertificates('default')
setDefaultCACertificates([...ordinary, selfSigned.cert, expiredCertificate.cert])

const clock = new ManualClock('2026-11-24T02:00:00Z')
const dialler = new Dialler({ clock, privateTargets: [ipNetwork('127.0.0.1')!] })
const type = emailType(dialler)
const password = new Secret('app-password-of-the-house')
const atMs = clock.nowMs()

const papa = { id: 'acc_1', alias: 'papa', broker: 'kite', kind: 'live', generation: 4 } as const
const alert = (more: Partial<Alert> = {}): Alert => ({
  kind: 'session_died',
  severity: 'critical',
  account: papa,
  cause: 'session_died',
  title: 'The session ended before its hour',
  text: 'Another login may have ended it.',
  next: 'Log in: bhor login papa.',
  atMs,
  ...more,
})
const messageOf = (...alerts: Alert[]): AlertMessage => ({ id: 'msg_1', atMs, alerts, leftOut: 0 })
const settingsOf = ({ port }: SmtpServer, more: ChannelSettings = {}): ChannelSettings => ({
  server: `127.0.0.1:${port}`,
  tls: 'starttls',
  from: 'bhor@example.com',
  to: 'papa@example.com',
  user: 'bhor',
  ...more,
})
/** Without signing in. */
const bare = ({ port }: SmtpServer): ChannelSettings => ({
  server: `127.0.0.1:${port}`,
  from: 'bhor@example.com',
  to: 'papa@example.com',
})
const openOf = (server: SmtpServer, more?: ChannelSettings) =>
  type.open(settingsOf(server, more), { password })

test('a mail comes over STARTTLS, signed in, in plain words', async () => {
  await using server = await startSmtpServer()
  const link = { label: 'Log papa in', url: 'https://desk.example/prompt/x', tap: 'login 1' }
  assert.deepEqual(await openOf(server).send(messageOf(alert({ links: [link] }))), { outcome: 'delivered' })
  await server.seen()
  const [mail] = server.mails
  assert.deepEqual(
    [mail?.from, mail?.to, mail?.isProtected, mail?.user],
    ['bhor@example.com', ['papa@example.com'], true, 'bhor'],
  )
  assert.match(mail!.data, /^Subject: bhor: papa: The session ended before its hour\r$/m)
  assert.match(mail!.data, /^Message-ID: <msg_1@example\.com>\r$/m)
  assert.match(
    mail!.data,
    /Another login may have ended it\.\r\nLog in: bhor login papa\.\r\nTue 24 Nov 07:30 IST\r\nLog papa in: https:\/\/desk\.example\/prompt\/x/,
  )
})

test('a mail comes over TLS from the first byte on, to several, without signing in', async () => {
  await using server = await startSmtpServer({ isTls: true })
  const settings = { ...bare(server), tls: 'tls', to: 'a@example.com,b@example.com' }
  const open = settings
  assert.deepEqual(await type.open(open, {}).send(messageOf(alert())), { outcome: 'delivered' })
  await server.seen()
  assert.deepEqual(
    [server.mails[0]?.to, server.mails[0]?.isProtected],
    [['a@example.com', 'b@example.com'], true],
  )
})

test('a look at the channel signs in and sends nothing', async () => {
  await using server = await startSmtpServer()
  assert.deepEqual(await openOf(server).check(), { outcome: 'delivered' })
  await server.seen()
  assert.deepEqual(server.mails, [])
  assert.ok(server.commands.some((command) => command.startsWith('AUTH')))
  await server.set({ refusesPassword: true })
  const looked = await openOf(server).check()
  assert.equal(looked.outcome === 'refused' && looked.code, 'channel_login_refused')
})

/** What is wrong at the server, and what is said of it; nothing is sent. */
const faults = [
  {
    what: 'a wrong password',
    set: { refusesPassword: true },
    code: 'channel_login_refused',
    says: /does not accept user and password/,
  },
  {
    what: 'STARTTLS taken out',
    set: { stripsStartTls: true },
    code: 'channel_unprotected',
    says: /does not offer STARTTLS/,
  },
  {
    what: 'an unknown receiver',
    set: { refusesReceiver: true },
    code: 'channel_receiver_refused',
    says: /refuses the address.*550/,
  },
  { what: 'a full server', set: { isFull: true }, code: 'channel_unavailable', says: /452/ },
] as const
for (const { what, set, code, says } of faults) {
  test(`${what} is told as what it is`, async () => {
    await using server = await startSmtpServer()
    await server.set(set)
    const sent = await openOf(server).send(messageOf(alert()))
    assert.ok(sent.outcome !== 'delivered')
    assert.equal(sent.code, code)
    assert.match(sent.text, says)
    await server.seen()
    assert.equal(server.mails.length, 0)
    // Neither the password nor a word of the message.
    assert.doesNotMatch(JSON.stringify(sent), /app-password|session ended/)
    if ('stripsStartTls' in set) assert.ok(!server.commands.some((command) => /^(?:AUTH|MAIL)/.test(command)))
  })
}

test('a certificate that has expired, or that nobody trusts, gets no mail and no password', async () => {
  for (const isTls of [true, false]) {
    await using expired = await startSmtpServer({ isTls, certificate: expiredCertificate })
    const tls = isTls ? 'tls' : 'starttls'
    const sent = await openOf(expired, { tls }).send(messageOf(alert()))
    assert.deepEqual(
      [sent.outcome === 'refused' && sent.code, sent.outcome !== 'delivered' && sent.text],
      ['channel_unprotected', 'The receiver’s certificate has expired.'],
    )
    setDefaultCACertificates(ordinary)
    try {
      await using untrusted = await startSmtpServer({ isTls })
      const other = await openOf(untrusted, { tls }).send(messageOf(alert()))
      assert.match(other.outcome === 'refused' ? other.text : '', /not one that this computer trusts/)
      await expired.seen()
      await untrusted.seen()
      assert.ok(![...expired.commands, ...untrusted.commands].some((command) => command.startsWith('AUTH')))
    } finally {
      setDefaultCACertificates([...ordinary, selfSigned.cert, expiredCertificate.cert])
    }
  }
})

test('a server that says nothing, or takes a mail and does not say so, holds nobody up', async () => {
  await using server = await startSmtpServer()
  for (const [set, isThere] of [
    [{ isSilent: true }, () => new Promise((resolve) => setImmediate(resolve))],
    [{ answersLate: true }, () => server.late()],
  ] as const) {
    await server.set(set)
    const there = isThere()
    const sending = openOf(server).send(messageOf(alert()))
    await there
    // Its timer stands only once the connection does.
    let sent: Awaited<typeof sending> | undefined
    void sending.then((delivery) => {
      sent = delivery
    })
    while (sent === undefined) {
      await clock.advance(5_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.deepEqual([sent.outcome, sent.outcome === 'retry' && sent.mayHaveIt], ['retry', true])
  }
})

test('a mail of which nobody could be sure goes to a server of one’s own network only', async () => {
  await using server = await startSmtpServer()
  const open = { ...bare(server), tls: 'none' }
  assert.deepEqual(await type.open(open, {}).send(messageOf(alert())), { outcome: 'delivered' })
  await server.seen()
  assert.equal(server.mails[0]?.isProtected, false)
  await assert.rejects(type.checked({ ...open, user: 'bhor' }, { password }), (error) =>
    isBhorError(error, 'channel_unprotected'),
  )
})

const line = '\r\n'
const headers = [
  'Bcc: thief@evil.example',
  'X-Extra: 1',
  'Subject: another',
  'Content-Type: text/html',
  'Reply-To: a@evil.example',
]
/** What would be a header, a receiver or a command of its own, if a line end came through. */
const payloads: readonly string[] = [
  ...['\r\n', '\n', '\r', '\u2028', '\u0085', '%0d%0a', '\u0000\r\n', '\r\n ', '\n\t', '=0D=0A'].flatMap(
    (end) => headers.map((header) => `x${end}${header}`),
  ),
  ...['MAIL FROM:<a@evil.example>', 'RCPT TO:<thief@evil.example>', 'DATA', 'QUIT', 'RSET'].flatMap(
    (command) => [`x${line}.${line}${command}${line}`, `x\n.\n${command}\n`, `x>${line}${command}`],
  ),
  ...[
    '=?utf-8?q?x=0D=0ABcc:_thief@evil.example?=',
    '=?utf-8?b?DQpCY2M6IHRoaWVmQGV2aWwuZXhhbXBsZQ==?=',
    `"x"${line}Bcc: thief@evil.example`,
  ],
  ...Array.from({ length: 32 }, (_, at) => `x${String.fromCodePoint(at)}Bcc: thief@evil.example`),
]

test('no header, receiver or command comes out of what a message holds', async (t) => {
  await using server = await startSmtpServer()
  assert.deepEqual(await openOf(server).send(messageOf(alert())), { outcome: 'delivered' })
  await server.seen()
  const shapeOf = (data: string) =>
    data
      .slice(0, data.indexOf('\r\n\r\n'))
      .split(/\r\n(?![ \t])/)
      .map((header) => header.slice(0, header.indexOf(':')).toLowerCase())
      .sort()
      .join(' ')
  const verbs = () => server.commands.map((command) => command.split(/[ :]/)[0]).join(' ')
  const [shape, wanted] = [shapeOf(server.mails[0]!.data), verbs()]
  for (const payload of payloads) {
    server.mails.length = 0
    server.commands.length = 0
    const hostile = alert({
      title: payload,
      text: payload,
      next: payload,
      account: { ...papa, alias: payload },
    })
    const links = [{ label: payload, url: 'https://desk.example/' }]
    assert.deepEqual(await openOf(server).send(messageOf({ ...hostile, links })), { outcome: 'delivered' })
    await server.seen()
    const [mail] = server.mails
    assert.equal(shapeOf(mail!.data), shape, JSON.stringify(payload))
    assert.deepEqual(
      [verbs(), server.mails.length, mail!.to],
      [wanted, 1, ['papa@example.com']],
      JSON.stringify(payload),
    )
  }
  assert.ok(payloads.length >= 100)
  t.diagnostic(`test 134: ${payloads.length} payloads in each text, 0 extra headers, receivers or commands`)
})

test('no such payload is an address', async () => {
  await using server = await startSmtpServer()
  const hostile = [
    ...payloads,
    ...payloads.map((payload) => `papa@example.com${payload.slice(1)}`),
    ...[
      'Papa <papa@example.com>',
      'papa',
      'papa@',
      '@example.com',
      'papa@localhost',
      'a@b@example.com',
      'a@example.com;b@example.com',
    ],
    ...[
      '"a b"@example.com',
      'a@[127.0.0.1]',
      'a..b@example.com',
      '<a@example.com>',
      'a@example.com (x)',
      ' ',
      ',',
    ],
  ]
  for (const address of hostile) {
    for (const name of ['to', 'from']) {
      const settings = { ...settingsOf(server), [name]: address }
      await assert.rejects(
        type.checked(settings, { password }),
        (error) => isBhorError(error, 'channel_invalid'),
        JSON.stringify(address),
      )
    }
  }
  await server.seen()
  assert.deepEqual(server.commands, [])
})
