import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manifestFault } from '../../src/brokers/manifest.ts'
import type { AccountKind } from '../../src/contracts/store.ts'
import { systemNet } from '../../src/net/system.ts'
import { openBed, refused } from '../support/bed.ts'
import { operator } from '../support/domain.ts'
import { families } from './family.ts'
import { kotak } from './kotak.ts'

const sandboxHosts = { login: 'https://sandbox.example.com' }

/** Logs in with a reply that names another base URL. @returns the origins that were asked afterwards */
async function logInWith(baseUrl: string, kind: AccountKind): Promise<{ stored: string; asked: string[] }> {
  const asked: string[] = []
  let isGranted = false
  await using bed = await openBed('kotak', {
    families: [{ ...families.kotak, broker: { ...kotak, sandboxHosts } }],
    net: {
      async send(request) {
        const { origin, pathname, search } = new URL(request.url)
        if (isGranted) asked.push(origin)
        const [simulated] = Object.values(bed.simulator.hosts('kotak'))
        const reply = await systemNet.send({ ...request, url: simulated + pathname + search })
        if (!pathname.endsWith('/tradeApiValidate')) return reply
        isGranted = true
        const body = JSON.parse(reply.text) as { data: object }
        return { ...reply, text: JSON.stringify({ data: { ...body.data, baseUrl } }) }
      },
    },
  })
  const { desk } = bed.domain
  if (kind !== 'sandbox') {
    const { app, fields } = await bed.account()
    const secret = 'sharedsecret'
    const known = bed.simulator.registerApp({
      broker: 'kotak',
      apiKey: app.apiKey!,
      apiSecret: secret,
      redirectUrl: '',
      userId: fields.ucc,
    })
    const live = { account: 'personal', broker: 'kotak', kind, fields: known } as const
    await desk.accounts.add(operator, { ...live, app: { apiKey: app.apiKey!, dashboardToken: secret } })
  }
  const alias = kind === 'sandbox' ? 'demo' : 'personal'
  const login = desk.logins.start(operator, alias, { via: 'api' })
  const isRefused = await login.then(
    () => false,
    () => true,
  )
  if (isRefused) await refused(login, 'bad_token_shape')
  const stored = isRefused ? '' : JSON.parse((await desk.sessions.handOut(operator, alias)).reveal()).baseUrl
  return { stored, asked }
}

test('a reply cannot send the token to another house', async () => {
  const foreign = [
    'https://e21.kotaksecurities.com.example.com',
    'http://e21.kotaksecurities.com',
    'https://example.com',
    'http://127.0.0.1:1',
  ]
  for (const baseUrl of foreign)
    assert.deepEqual(await logInWith(baseUrl, 'live'), { stored: '', asked: [] }, baseUrl)
})

test('its own house is believed, of a live account; a sandbox stays in the sandbox', async () => {
  const own = 'https://e21.kotaksecurities.com'
  assert.deepEqual(await logInWith(own, 'live'), { stored: own, asked: [own] })
  assert.deepEqual(await logInWith(own, 'sandbox'), { stored: '', asked: [] })
  assert.deepEqual(await logInWith(own, 'broker-sandbox'), { stored: '', asked: [] })
  const { login } = sandboxHosts
  assert.deepEqual(await logInWith(login, 'broker-sandbox'), { stored: login, asked: [login] })
})

test('a manifest says it by patterns that are whole, and names the person by a field that there is', () => {
  const faultOf = (change: object) => manifestFault({ ...kotak, ...change })?.fault
  assert.match(faultOf({ sessionUrls: /kotaksecurities/ }) ?? '', /sessionUrls is open/)
  assert.match(faultOf({ userIdField: 'mpin' }) ?? '', /userIdField names mpin/)
  const apiKey = { ...kotak.app.apiKey, optional: true }
  assert.match(faultOf({ app: { ...kotak.app, apiKey } }) ?? '', /apiKey is optional/)
})
