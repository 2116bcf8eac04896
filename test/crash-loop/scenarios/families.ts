import assert from 'node:assert/strict'
import { operator } from '../../support/domain.ts'
import type { Run, Scenario } from '../scenario.ts'

const logIn = (run: Run) => run.logIn()
/** Nothing that a question is about is stored. */
async function forgetAnswers({ domain, broker }: Run): Promise<void> {
  const fields: Readonly<Record<string, Record<string, string>>> = {
    angel: { pin: '', totpSeed: '' },
    kotak: { mpin: '', totpSeed: '' },
  }
  if (fields[broker]) await domain.desk.accounts.edit(operator, 'demo', { fields: fields[broker] })
}
/** A question that was answered before still has its right answer, and what waits can be gone on with. */
async function goesOn(run: Run): Promise<void> {
  const { login } = await run.view()
  if (!login) return
  let view = await run.domain.desk.logins.get(operator, 'demo', login.id)
  while (view.status === 'open') view = await run.answer(login.id)
  assert.equal(view.status, 'done')
}

/** Every other way in. */
export const families: readonly Scenario[] = [
  { name: 'a login with a consent before the page', brokers: ['dhan'], act: logIn },
  { name: 'a login that bhor does by itself', brokers: ['angel'], act: logIn },
  {
    name: 'a login by PIN and code',
    brokers: ['angel', 'dhan'],
    arrange: forgetAnswers,
    act: (run) => run.logIn('demo', { method: 'direct' }),
  },
  {
    name: 'a login with two questions',
    brokers: ['kotak', 'definedge'],
    async arrange(run) {
      await forgetAnswers(run)
      await run.logIn()
      await run.clock.advance(60_000)
    },
    act: logIn,
    check: goesOn,
  },
  { name: 'a login that the phone approves', brokers: ['approving'], act: logIn, check: goesOn },
  {
    name: 'a token that a person pastes',
    brokers: ['dhan'],
    async act(run) {
      run.kept.token = run.brokers.grant('dhan', (await run.view()).userId!)
      await run.logIn('demo', { method: 'pasted' })
    },
  },
  {
    name: 'a wrong PIN',
    brokers: ['angel'],
    arrange: forgetAnswers,
    async act(run) {
      const { id } = await run.startLogin()
      const wrong = run.domain.desk.logins.answer(operator, 'demo', id, { pin: '0000', totp: '000000' })
      await assert.rejects(wrong, { code: /bad_grant|broker_rejected/ })
    },
    async check(run) {
      assert.equal((await run.view()).generation, 0)
    },
  },
]
