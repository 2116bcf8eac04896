import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import type { Net, NetReply, NetRequest } from '../../src/contracts/net.ts'
import { isBhorError } from '../../src/core/errors.ts'
import { printable } from '../../src/core/redact.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { serveDesk } from '../../src/http/server.ts'
import { systemNet } from '../../src/net/system.ts'
import { freePort } from '../support/at-the-terminal.ts'
import { isIn, launchBrowser, standStillAt } from '../support/browser.ts'
import { placesOf } from '../support/places.ts'
import { openWorld } from '../support/world.ts'

const opened = new AsyncDisposableStack()
after(() => opened.disposeAsync())

/** Texts that are markup, script, a template or an address of script to whoever does not take them for text. */
const corpus = [
  '<script id=xss>xss()</script>',
  '<img id=xss src=x onerror=xss()>',
  '<svg id=xss onload=xss()>',
  '<svg/onload=xss()>',
  '<iframe id=xss src=javascript:xss()>',
  '<iframe srcdoc="<script>top.xss()</script>">',
  '<a id=xss href="javascript:xss()">x</a>',
  'javascript:xss()',
  'JaVaScRiPt:xss()//',
  'data:text/html,<script>top.xss()</script>',
  '"><img id=xss src=x onerror=xss()>',
  "'><img id=xss src=x onerror=xss()>",
  '" onfocus="xss()" autofocus="',
  "' onmouseover='xss()' x='",
  '` onerror=`xss()`',
  '"/><svg/onload=xss()>',
  '</title><script>xss()</script>',
  '</textarea><script>xss()</script>',
  '</style><script>xss()</script>',
  '</script><script>xss()</script>',
  '--><img src=x onerror=xss()>',
  ']]><img src=x onerror=xss()>',
  '<!--<img src="--><img src=x onerror=xss()>">',
  '<template><img src=x onerror=xss()></template>',
  '<noscript><img src=x onerror=xss()></noscript>',
  '<math><mtext><style><img src=x onerror=xss()>',
  '<svg><style><img src=x onerror=xss()></style>',
  '<form><math><mtext></form><form><mglyph>',
  '<select><noembed></select><img onerror=xss()>',
  '<body onload=xss()>',
  '<details open ontoggle=xss()>',
  '<video><source onerror=xss()>',
  '<input autofocus onfocus=xss()>',
  '<marquee onstart=xss()>',
  '<object data=javascript:xss()>',
  '<embed src=javascript:xss()>',
  '<base href=https://evil.test/>',
  '<link rel=stylesheet href=//evil.test/x>',
  '<meta http-equiv=refresh content=0;//evil.test>',
  '<style>*{background:url(//evil.test/x)}</style>',
  'x" style="background:url(//evil.test/x)',
  'x;}*{background:url(//evil.test/x)}',
  '{{constructor.constructor("xss()")()}}',
  `$\{xss()}`,
  '#{xss()}',
  '<%= xss() %>',
  '&lt;img src=x onerror=xss()&gt;',
  '&#60;script&#62;xss()&#60;/script&#62;',
  '%3Cscript%3Exss()%3C/script%3E',
  '\\u003cscript\\u003exss()\\u003c/script\\u003e',
  '＜script＞xss()＜/script＞',
  '__proto__',
  'constructor',
  '[object Object]',
  'भोर‍ 🌅 é',
] as const
/** What nobody can store, and a broker can send: unseen signs, which turn around, hide or end what is read; and much of it. */
const unseen = [
  '\u202e<img src=x onerror=xss()>\u202c',
  '<im\u0000g src=x onerror=xss()>',
  'one\r\ntwo\u2028three',
  '\u200b\ufeff<svg/onload=xss()>',
  `${'<b>'.repeat(2_000)}`,
] as const
const broken = ['one', 'two', 'three', 'four', 'five', 'six'] as const
const brokersOwn = [...corpus, ...unseen]

const texts = (kind: string, all: readonly string[] = corpus) => all.map((text, at) => `${kind}${at} ${text}`)
/** By the kind of text, all that is stored of it and where the page shows it. */
const stored = {
  label: { place: 'accounts/*/edit', texts: texts('l').slice(0, 7) },
  group: {
    place: 'accounts/*/edit',
    texts: texts('g')
      .filter((text) => text.length <= 40)
      .slice(0, 7),
  },
  reason: { place: 'accounts/*/gate', texts: texts('r').slice(10, 17) },
  key: { place: 'programs', texts: texts('k') },
  run: { place: 'programs', texts: texts('n').slice(20, 23) },
  note: { place: 'settings/calendar', texts: texts('c') },
  channel: { place: 'settings/alerts, changed', texts: texts('u').slice(0, 5) },
  path: { place: 'accounts/demo/mirrors', texts: texts('p').filter((text) => !text.includes('/')) },
  person: { place: 'accounts/*/overview', texts: texts('w').slice(28, 35) },
  holding: { place: 'portfolio', texts: texts('h', brokersOwn) },
  position: { place: 'portfolio', texts: texts('q', brokersOwn) },
  order: { place: 'accounts/demo/trading', texts: texts('o', brokersOwn) },
  message: { place: 'accounts/demo/trading', texts: texts('m', brokersOwn) },
  refusal: { place: 'portfolio', texts: texts('x').slice(0, 6) },
} as const

const fixture = new URL('../../src/brokers/kite/fixtures/orders.json', import.meta.url)
const orders = JSON.parse(readFileSync(fixture, 'utf8')) as { data: Record<string, unknown>[] }

/** The page's own addresses on this computer, and nothing else. */
const isOwn = (port: number) => (url: string) => {
  const { protocol, host } = new URL(url)
  if (protocol === 'data:' || protocol === 'about:') return true
  return host === `127.0.0.1:${port}` || new RegExp(`^(?:[0-9a-z]{16}\\.){2}localhost:${port}$`).test(host)
}

/** A broker that puts these texts wherever its answers have room for one. */
function hostileNet(accountOf: (apiKey: string) => string | undefined): Net {
  type Row = Record<string, unknown>
  const rowsOf = (row: Row, kind: 'holding' | 'position' | 'order') =>
    stored[kind].texts.map((text, at) => ({
      ...row,
      tradingsymbol: text,
      ...(kind === 'holding' ? { isin: `INE${at}`, instrument_token: at + 1 } : {}),
      ...(kind === 'order' ? { order_id: String(at + 1), status_message: stored.message.texts[at] } : {}),
    }))
  const answer = ({ url, headers }: NetRequest, reply: NetReply): NetReply => {
    const { pathname } = new URL(url)
    const account = accountOf(/token ([^:]+):/.exec(headers.authorization ?? '')?.[1] ?? '')
    const at = (broken as readonly (string | undefined)[]).indexOf(account)
    if (at >= 0 && /\/(?:portfolio|orders|user\/margins)/.test(pathname)) {
      const message = stored.refusal.texts[at]
      const text = JSON.stringify({ status: 'error', message, error_type: 'InputException' })
      return { ...reply, status: 400, text }
    }
    const json = (() => {
      try {
        return JSON.parse(reply.text) as { data?: Row & { net?: Row[] } & Row[] }
      } catch {
        return {}
      }
    })()
    const { data } = json
    if (!data || reply.status !== 200) return reply
    const given = (value: unknown) => ({ ...reply, text: JSON.stringify({ ...json, data: value }) })
    if (pathname.endsWith('/portfolio/holdings')) return given(rowsOf(data[0]!, 'holding'))
    if (pathname.endsWith('/portfolio/positions'))
      return given({ ...data, net: rowsOf(data.net![0]!, 'position') })
    if (pathname.endsWith('/orders')) return given(rowsOf(orders.data[0]!, 'order'))
    if ('user_name' in data) return given({ ...data, user_name: stored.person.texts[at + 1] })
    return reply
  }
  return { send: async (request) => answer(request, await systemNet.send(request)) }
}

/** What of this document was made of a text: elements, handlers, addresses of script. */
function strange(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const never =
      'iframe,frame,object,embed,base,math,video,audio,source,marquee,template,noembed,img,body style'
    for (const element of document.querySelectorAll('*')) {
      const { localName } = element
      const source = element.getAttribute('src') ?? ''
      const isKeyFrame =
        localName === 'iframe' && /^http:\/\/[0-9a-z.]+\.localhost:\d+\/desk\/key/.test(source)
      const isOwnScript =
        localName === 'script' && /^\/(?:assets|login)\//.test(new URL(source, location.origin).pathname)
      const isStrange =
        (element.matches(never) && !isKeyFrame) || (localName === 'script' && (source === '' || !isOwnScript))
      const attributes = [...element.attributes].filter(
        ({ name, value }) =>
          /^(?:on|srcdoc)/i.test(name) ||
          (/^(?:xlink:)?(?:href|src|action|formaction|data)$/i.test(name) &&
            /^\s*(?:javascript|vbscript|data:text)|evil\.test/i.test(value)),
      )
      if (isStrange || attributes.length > 0 || element.id === 'xss')
        found.push((element.cloneNode(false) as Element).outerHTML.slice(0, 200))
    }
    const { ran, violations } = globalThis as { ran?: number; violations?: string[] }
    return [...found, ...(ran ? ['a text ran'] : []), ...(violations ?? [])]
  })
}

/** All that a document says, also in its fields. */
const said = (page: Page) =>
  page.evaluate(() =>
    [
      document.body.textContent,
      ...[...document.querySelectorAll('input, textarea')].map((each) => (each as HTMLInputElement).value),
    ].join('\n'),
  )

test('whatever people and brokers can have stored stands as text wherever it is shown, and nothing of it is looked up anywhere', async (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-texts-')))
  opened.defer(() => rmSync(folder, { recursive: true, force: true }))
  const byKey = new Map<string, string>()
  const port = await freePort()
  const world = opened.use(await openWorld({ port, net: hostileNet((apiKey) => byKey.get(apiKey)) }))
  const { desk, operator, store } = world.app
  const server = opened.use(await serveDesk({ app: world.app, dashboardFolder }))
  const names = ['demo', ...broken]
  for (const [at, account] of names.entries()) {
    const label = stored.label.texts[at]!
    const { apiKey } = await world.addAccount({
      account,
      label,
      settings: { group: stored.group.texts[at]! },
    })
    byKey.set(apiKey, account)
    await world.logIn(account)
    await desk.gates.set(operator, account, { state: 'closed', reason: stored.reason.texts[at]! })
    await world.advance(60_000)
  }
  await desk.gates.setHouse(operator, { state: 'closed', reason: stored.reason.texts[0]! })
  await desk.gates.setHouse(operator, { state: 'open' })
  for (const name of stored.key.texts) await desk.keys.add(operator, { name, scopes: ['status'] })
  for (const name of stored.run.texts) await desk.runs.start(operator, 'demo', name)
  const firstDay = Temporal.PlainDate.from('2026-12-01')
  const days = stored.note.texts.map((note, at) => ({
    date: firstDay.add({ days: at }).toString(),
    kind: 'holiday' as const,
    note,
  }))
  await desk.calendar.change(operator, { days })
  await desk.calendar.take(operator, { year: 2027, segments: ['currency'], source: corpus[1], days: [] })
  for (const [at, user] of stored.channel.texts.entries()) {
    const fields = { server: 'mail.example:587', from: 'bhor@example.com', to: 'papa@example.com', user }
    await desk.alerts.add(operator, {
      name: `mail${at}`,
      kind: 'email',
      fields,
      secrets: { password: 'word' },
    })
  }
  for (const name of stored.path.texts)
    await desk.mirrors.add(operator, { account: 'demo', path: join(folder, name), format: 'env' })

  // What turns text around, hides or ends it is nobody's to store.
  for (const text of unseen)
    for (const refused of [
      () => desk.accounts.edit(operator, 'demo', { label: text }),
      () => desk.accounts.edit(operator, 'demo', { settings: { group: text } }),
      () => desk.keys.add(operator, { name: text, scopes: ['status'] }),
      () => desk.gates.set(operator, 'demo', { state: 'closed', reason: text }),
      () => desk.calendar.change(operator, { days: [{ date: '2026-12-01', kind: 'holiday', note: text }] }),
    ])
      await assert.rejects(
        refused,
        (error) => isBhorError(error, 'bad_field') || isBhorError(error, 'calendar_invalid'),
      )

  const browser = opened.adopt(await launchBrowser(), (each) => each.close())
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const asked: string[] = []
  const faults: string[] = []
  context.on('request', (request) => void asked.push(request.url()))
  context.on('dialog', (dialog) => void faults.push(`dialog ${dialog.message()}`))
  context.on('weberror', (error) => void faults.push(error.error().message))
  context.on('console', (message) => {
    if (/content security|trusted/i.test(message.text())) faults.push(message.text())
  })
  await context.addInitScript(() => {
    const own = globalThis as unknown as { ran: number; violations: string[]; xss(): void }
    own.ran = 0
    own.violations = []
    own.xss = () => {
      own.ran++
    }
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, sample }) =>
      own.violations.push(`${violatedDirective} ${sample}`),
    )
  })
  const page = await context.newPage()
  await standStillAt(page, world.clock.nowMs())
  await page.goto(signInUrl(server.signIns.newLink()))
  await isIn(page)

  const seen = new Map<string, string>()
  const shown = async (place: string) => {
    await page.evaluate((hash) => {
      location.hash = hash
    }, place)
    await page.waitForFunction(
      () => !document.querySelector('main .loading') && document.querySelector('main h1'),
    )
    const due = Object.values(stored).flatMap((each) => {
      if (each.place === place) return each.texts.map((text) => printable(text))
      const at = names.indexOf(/^accounts\/(\w+)\//.exec(place)?.[1] ?? '')
      return at >= 0 && each.place === place.replace(/\/\w+\//, '/*/') ? [each.texts[at]!] : []
    })
    const isThere = (texts: string[]) => {
      const fields = [...document.querySelectorAll('input, textarea')] as HTMLInputElement[]
      const all = [document.body.textContent, ...fields.map(({ value }) => value)].join('\n')
      return texts.every((text) => all.includes(text))
    }
    await page.waitForFunction(isThere, due, { timeout: 10_000 }).catch(async () => {
      const all = await said(page)
      assert.deepEqual(
        due.filter((text) => !all.includes(text)),
        [],
        place,
      )
    })
    for (const text of due) seen.set(text, place)
    // Also what is folded away.
    await page.evaluate(() => {
      for (const each of document.querySelectorAll('details')) each.open = true
    })
    assert.deepEqual(await strange(page), [], place)
  }
  for (const place of placesOf('demo')) await shown(place)
  await shown('settings/alerts')
  for (const [at, text] of stored.channel.texts.entries()) {
    await page.getByRole('button', { name: 'Change', exact: true }).nth(at).click()
    await page.getByRole('dialog').waitFor()
    assert.ok((await said(page)).includes(text), text)
    assert.deepEqual(await strange(page), [])
    seen.set(text, stored.channel.place)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  for (const account of broken)
    for (const tab of ['overview', 'edit', 'gate', 'activity']) await shown(`accounts/${account}/${tab}`)
  for (const name of stored.key.texts.slice(0, 8)) await shown(`audit/program/${encodeURIComponent(name)}`)
  // A person can be sent any address.
  for (const text of corpus) {
    await page.evaluate(
      (hash) => {
        location.hash = hash
      },
      `accounts/${encodeURIComponent(text)}/edit`,
    )
    assert.deepEqual(await strange(page), [], text)
  }

  // The small pages beside it: of a reminder, of a login that ended well, and of one that the broker refused.
  const record = await store.accounts.byAlias('demo')
  const token = await desk.prompts.tokenFor(record!, world.clock.nowMs() + 60_000)
  const small = await context.newPage()
  await small.goto(`${server.origin}/hooks/login/${token}`)
  assert.ok((await said(small)).includes(stored.label.texts[0]!))
  assert.deepEqual(await strange(small), [])
  const everything = corpus.map(
    (text, at) => `x${at}=${encodeURIComponent(text)}&status=${encodeURIComponent(text)}`,
  )
  for (const query of [everything.slice(0, 40).join('&'), everything.slice(40).join('&')]) {
    await small.goto(`${server.origin}/callback/kite?${query}`)
    assert.doesNotMatch(await said(small), /xss|evil/)
    assert.deepEqual(await strange(small), [])
  }
  for (const account of ['demo', 'one']) {
    await small.goto(await world.callbackFor(account))
    await small.getByRole('heading').waitFor()
    assert.doesNotMatch(await said(small), /xss|evil/)
    assert.deepEqual(await strange(small), [])
  }

  assert.deepEqual(faults, [])
  assert.deepEqual(
    asked.filter((url) => !isOwn(port)(url)),
    [],
    'no network but the desk’s own',
  )
  const all = Object.values(stored).flatMap(({ texts }) => texts.map((text) => printable(text)))
  assert.deepEqual(
    all.filter((text) => !seen.has(text)),
    [],
  )
  assert.ok(all.length >= 300, `${all.length} texts`)
  t.diagnostic(
    `test 141: 0 of ${all.length} stored texts were anything but text in ${placesOf('demo').length} places; ${asked.length} requests, all to the desk`,
  )
})
