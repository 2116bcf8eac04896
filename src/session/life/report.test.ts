import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed, profilePath, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { RefusalReport } from '../../contracts/api.ts'
import { fullRights } from '../ground/rights.ts'

const dead: Readonly<Record<string, Omit<RefusalReport, 'generation'>>> = {
  kite: {
    status: 403,
    body: JSON.stringify({
      status: 'error',
      error_type: 'TokenException',
      message: 'Incorrect `api_key` or `access_token`.',
    }),
  },
  upstox: {
    status: 401,
    body: JSON.stringify({
      status: 'error',
      errors: [{ errorCode: 'UDAPI100050', message: 'Invalid token used to access API' }],
    }),
  },
}
const addressRefused: Readonly<Record<string, Omit<RefusalReport, 'generation'>>> = {
  kite: {
    status: 403,
    body: JSON.stringify({
      status: 'error',
      error_type: 'PermissionException',
      message: 'IP (1.2.3.4) is not allowed to place orders for this app.',
    }),
  },
  upstox: {
    status: 403,
    body: JSON.stringify({
      status: 'error',
      errors: [{ errorCode: 'UDAPI1154', message: 'No static IP has been configured' }],
    }),
  },
}

for (const broker of ['kite', 'upstox']) {
  const open = async () => {
    const bed = await openBed(broker)
    const account = await bed.domain.logIn('demo')
    await bed.clock.advance(60_000)
    bed.simulator.clearCalls()
    return { bed, apiKey: account.apiKey }
  }
  const probes = ({ simulator }: Bed) => simulator.calls({ path: profilePath[broker]! }).length
  const report = ({ domain }: Bed, words: Omit<RefusalReport, 'generation'>, generation = 1) =>
    domain.desk.sessions.report(fullRights('key', 'bot'), 'demo', { generation, ...words })

  test(`${broker}: a report alone ends nothing; the broker’s own word does`, async () => {
    const { bed, apiKey } = await open()
    await using _ = bed
    const first = await report(bed, dead[broker]!)
    assert.deepEqual(
      [first.verdict, first.code, first.state, first.generation],
      ['expired', 'session_revoked', 'alive', 1],
    )
    assert.equal(probes(bed), 1)
    await bed.handOut()
    bed.simulator.killSession(broker, apiKey)
    await bed.clock.advance(60_000)
    assert.equal((await report(bed, dead[broker]!)).state, 'dead')
    await refused(bed.handOut(), 'session_revoked')
    assert.equal((await report(bed, dead[broker]!)).state, 'dead')
    assert.equal(probes(bed), 2)
  })

  test(`${broker}: what says nothing about the session starts no probe`, async () => {
    const { bed } = await open()
    await using _ = bed
    const said = await report(bed, addressRefused[broker]!)
    assert.deepEqual([said.verdict, said.code, said.state], ['ip_not_allowed', 'ip_not_allowed', 'alive'])
    for (const words of [{ status: 200 }, { status: 502, body: '<html>' }, { status: 429 }])
      assert.equal((await report(bed, words)).state, 'alive')
    assert.equal(probes(bed), 0)
  })

  test(`${broker}: a thousand reports: as many probes as the broker’s limit, and a record each minute`, async () => {
    const { bed } = await open()
    await using _ = bed
    await Promise.all(Array.from({ length: 1_000 }, () => report(bed, dead[broker]!)))
    assert.equal(probes(bed), 1)
    bed.simulator.faults.add({ kind: 'status', match: { path: profilePath[broker]! }, times: 50 })
    for (let i = 0; i < 30; i++) {
      await bed.clock.advance(6_000)
      assert.equal((await report(bed, dead[broker]!)).state, 'doubted')
    }
    assert.ok(probes(bed) <= 1 + 3 * 6 + 1, String(probes(bed)))
    assert.ok((await bed.recorded('session.report')) <= 5)
  })

  test(`${broker}: a report is believed however often the broker has contradicted one, and asked about when its limit allows`, async () => {
    const { bed, apiKey } = await open()
    await using _ = bed
    for (let i = 0; i < 6; i++) {
      assert.equal((await report(bed, dead[broker]!)).state, 'alive')
      await bed.clock.advance(6_000)
    }
    bed.simulator.killSession(broker, apiKey)
    assert.equal((await report(bed, dead[broker]!)).state, 'doubted')
    const gate = async () => (await bed.domain.desk.gates.get(operator, 'demo')).reason
    assert.equal(await gate(), 'session_doubted')
    assert.equal(probes(bed), 6)
    // A minute after the first of them, or as much later as chance spreads a first try.
    await bed.domain.desk.keeper.look()
    await bed.clock.advance(30_000)
    await bed.domain.desk.keeper.look()
    assert.equal(await gate(), 'session_revoked')
    assert.equal(probes(bed), 7)
  })

  test(`${broker}: a report about another generation`, async () => {
    const { bed } = await open()
    await using _ = bed
    await bed.domain.logIn('demo')
    bed.simulator.clearCalls()
    assert.equal((await report(bed, dead[broker]!, 1)).state, 'replaced')
    for (const generation of [0, -1, 3, 1.5, Number.NaN, 2 ** 60])
      await refused(report(bed, dead[broker]!, generation), 'bad_field')
    assert.equal(probes(bed), 0)
    const stranger = { ...fullRights('key', 'bot'), accountIds: new Set(['acc_other']) }
    const about = { generation: 2, status: 403 }
    await refused(bed.domain.desk.sessions.report(stranger, 'demo', about), 'account_not_found')
    await refused(bed.domain.desk.sessions.report(operator, 'nobody', about), 'account_not_found')
  })
}
