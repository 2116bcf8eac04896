import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokerChecks, brokerSuite } from '../../src/brokers/suite/suite.ts'
import type { Broker, BrokerReply, Grant, Step, StepContext, Values } from '../../src/contracts/broker.ts'
import { hostsFor } from '../../src/contracts/broker-hosts.ts'
import { angelFixtures } from './angel.fixtures.ts'
import { angel } from './angel.ts'
import {
  definedgeContext,
  definedgeFixtures,
  definedgeGrant,
  definedgeReplies,
} from './definedge.fixtures.ts'
import { definedge } from './definedge.ts'
import { token } from './demo.ts'
import { dhanContext, dhanFixtures } from './dhan.fixtures.ts'
import { dhan } from './dhan.ts'
import { kotakContext, kotakFixtures, kotakGrant, kotakReplies } from './kotak.fixtures.ts'
import { kotak } from './kotak.ts'
import { signedFixtures } from './signed.fixtures.ts'
import { signed } from './signed.ts'

/*
 * Four families beside Kite's and Upstox', which prove that the contract can say them: a login without a browser,
 * a consent before a redirect without state, two steps to a bundle with its own base URL, an OTP that the broker
 * sends. A fifth one is fictitious and has what none of them has. Logins, sessions and errors follow the documented protocols; console addresses and order routes are only
 * as complete as an example needs. They are no adapters of bhor: the registry does not know them.
 */

brokerSuite(angel, angelFixtures)
brokerSuite(dhan, dhanFixtures)
brokerSuite(kotak, kotakFixtures)
brokerSuite(definedge, definedgeFixtures)
brokerSuite(signed, signedFixtures)

test('a token pasted from Dhan’s site is a grant; anything else pasted is refused', () => {
  const pasted = dhan.logins[2]
  assert.deepEqual(pasted.read({ token }), { tokens: { access: token } })
  assert.throws(() => pasted.read({ token: 'two words' }), { code: 'bad_token_shape' })
})

/** As the engine runs a login: what a step asks is answered, what it carries reaches the next one. */
function runSteps(
  broker: Broker,
  steps: readonly Step[],
  start: StepContext,
  answers: Readonly<Record<string, string>>,
  replies: readonly BrokerReply[],
): Grant {
  let vars = start.vars
  for (const [at, step] of steps.entries()) {
    for (const { name } of step.asks ?? []) vars = { ...vars, [name]: answers[name] ?? '' }
    step.request({ ...start, vars })
    const reply = replies[at]!
    assert.equal(broker.classify(reply, 'exchange').kind, 'ok')
    const result = step.read(reply, { ...start, vars })
    if ('grant' in result) return result.grant
    vars = { ...vars, ...result.carry }
  }
  return assert.fail('the steps end without a grant')
}

test('a login of two steps carries what the second one needs', () => {
  const start = { ...kotakContext, vars: {} }
  const grant = runSteps(
    kotak,
    kotak.logins[0].steps,
    start,
    { totp: '654321', mpin: '123456' },
    kotakReplies,
  )
  assert.deepEqual(grant, kotakGrant)
})

test('an OTP is asked for after the step that makes the broker send it', () => {
  const start = { ...definedgeContext, vars: {} }
  const grant = runSteps(definedge, definedge.logins[0].steps, start, { otp: '112233' }, definedgeReplies)
  assert.deepEqual(grant, definedgeGrant)
  assert.equal('asks' in definedge.logins[0].steps[0], false)
})

test('a consent before the redirect opens the login page', () => {
  const [{ prelude, loginUrl }] = dhan.logins
  const result = prelude[0].read(dhanFixtures.steps[0]!.reply)
  const vars = 'carry' in result ? result.carry : {}
  assert.deepEqual(loginUrl({ ...dhanContext, vars, state: 's' }).query, [['consentAppId', '940b0ca1']])
})

test('a broker that signs every request cannot say that it hands out headers', () => {
  const check = brokerChecks({ ...signed, handsOut: 'headers' }, signedFixtures).find(({ name }) =>
    name.startsWith('hands out headers'),
  )
  assert.throws(() => check?.run())
})

test('the account’s fields say where its server is; another field leads nowhere else', () => {
  const hosts = (account: Values) => hostsFor(signed, 'live', account)
  assert.deepEqual(hosts({ server: 'mum-2', version: 'v1' }), { api: 'https://mum-2.example.com/api/v1' })
  assert.throws(() => hosts({ server: 'mum-2' }), { code: 'bad_field' })
  assert.throws(() => hosts({ server: 'evil.com/x', version: 'v1' }), { code: 'bad_field' })
})
