import assert from 'node:assert/strict'
import { operator } from '../../support/domain.ts'
import { hour, minute, type Run, type Scenario } from '../scenario.ts'

const logIn = (run: Run) => run.logIn()
const names = async ({ domain }: Run) =>
  (await domain.desk.accounts.list(operator)).map(({ account }) => account)
const edit = ({ domain }: Run, change: object) => domain.desk.accounts.edit(operator, 'demo', change)
const atHome = '203.0.113.7'
const holiday = { date: '2026-12-01', kind: 'holiday', name: 'Assembly election' } as const

export const settings: readonly Scenario[] = [
  {
    name: 'an account that is added',
    act: (run) => run.addAccount('papa'),
    async check(run) {
      if (!(await names(run)).includes('papa')) {
        assert.ok(!run.isDone)
        await run.addAccount('papa')
      }
    },
  },
  {
    name: 'an account that is changed',
    arrange: logIn,
    act: (run) => edit(run, { label: 'Mine', settings: { group: 'family' } }),
    async check(run) {
      const { label, settings } = await run.view()
      assert.equal(label === 'Mine', settings.group === 'family', 'half of it')
      if (run.isDone) assert.equal(label, 'Mine')
    },
  },
  {
    name: 'an account that gets another name',
    arrange: logIn,
    act: (run) => edit(run, { account: 'mine' }),
    async check(run) {
      assert.equal((await names(run)).length, 1)
      if (run.isDone) assert.deepEqual(await names(run), ['mine'])
    },
  },
  {
    name: 'an account that is removed',
    brokers: ['kite', 'angel'],
    async arrange(run) {
      await run.logIn()
      run.kept.token = (await run.handOut()).accessToken
    },
    act: ({ domain }) => domain.desk.accounts.remove(operator, 'demo'),
    async check(run) {
      const isTold = (await run.recorded('session.logout', 'failed')) > 0
      if (run.isDone) assert.ok(isTold || !run.brokers.isAlive(run.kept.token!), 'it lives on at the broker')
      if (run.isDone) assert.deepEqual(await names(run), [])
      else await run.domain.desk.accounts.remove(operator, 'demo').catch(() => {})
      assert.deepEqual(await names(run), [])
      await run.addAccount('demo')
    },
  },
  {
    name: 'another secret of the app while a session lives',
    async arrange(run) {
      const { apiKey } = await run.logIn()
      run.brokers.registerApp({ ...run.brokers.appOf(run.broker, apiKey)!, apiSecret: 'AnotherSecret42' })
    },
    act: (run) => edit(run, { app: { apiSecret: 'AnotherSecret42' } }),
    async check(run) {
      assert.equal((await run.view()).status, 'active')
      if (!run.isDone) await edit(run, { app: { apiSecret: 'AnotherSecret42' } })
    },
  },
  {
    name: 'trading days that change',
    arrange: ({ domain }) => domain.desk.calendar.change(operator, { days: [holiday] }),
    act: ({ domain }) => domain.desk.calendar.move(operator, holiday.date, { to: '2026-12-02' }),
    async check(run) {
      const span = { from: holiday.date, to: '2026-12-02', segment: 'equity' }
      const kinds = (await run.domain.desk.calendar.days(operator, span)).map(({ kind }) => kind)
      assert.equal(kinds.filter((kind) => kind === 'holiday').length, 1, String(kinds))
      if (run.isDone) assert.equal(kinds[1], 'holiday')
    },
  },
  {
    name: 'another way out',
    arrange: logIn,
    act: (run) => edit(run, { settings: { egress: { registered: [atHome] } } }),
    async check(run) {
      const { standing } = (await run.view()).egress
      // The keeper has measured it in the minute since.
      if (run.isDone) assert.equal(standing, 'as registered')
    },
  },
  {
    name: 'an address that is another one than registered',
    async arrange(run) {
      await edit(run, { settings: { egress: { registered: [atHome] } } })
      await run.logIn()
      await run.pass(hour)
      run.brokers.exit = '198.51.100.1'
    },
    act: ({ domain }) => domain.desk.egress.measure(operator, 'demo'),
    async check(run) {
      if (run.isDone) assert.equal((await run.view()).egress.standing, 'different')
    },
  },
  {
    name: 'a login over an address that is not registered',
    brokers: ['kotak'],
    async arrange(run) {
      await edit(run, { settings: { egress: { registered: [atHome] } } })
      run.brokers.exit = '198.51.100.1'
    },
    async act(run) {
      await run.clock.advance(minute)
      await assert.rejects(run.startLogin(), { code: 'egress_different' })
    },
    async check(run) {
      assert.equal(run.brokers.opened.length, 0)
      run.brokers.exit = atHome
    },
  },
]
