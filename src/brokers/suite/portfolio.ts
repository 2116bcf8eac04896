import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Broker, BrokerReply, PortfolioCalls, ReadCall } from '../../contracts/broker.ts'
import { decimalOf } from '../../core/decimal.ts'
import { BhorError } from '../../core/errors.ts'
import { checkRequest, frozen } from './calls.ts'
import { replaced } from './replies.ts'
import { type BrokerFixtures, type Check, replyOf } from './suite.ts'

/** What must be a number in rupees or shares wherever it stands, if it is not null. */
const amounts =
  /^(quantity|t1Quantity|pledgedQuantity|overnightQuantity|multiplier|averagePrice|lastPrice|closePrice|invested|value|pnl|dayPnl|realised|unrealised|available|used|cash|collateral|filled|pending|price|triggerPrice)$/

/** How an adapter asks for, and reads, what a client has. */
export function portfolioChecks(
  broker: Broker,
  { portfolio: fixtures, session }: BrokerFixtures,
): readonly Check[] {
  const calls = broker.portfolio
  if (!calls || !fixtures) {
    // An adapter may come without it; one that has it is tested.
    return [
      {
        name: 'has fixtures of its portfolio, or none of both',
        run: () => assert.equal(calls === undefined, fixtures === undefined),
      },
    ]
  }
  const parts = Object.entries(calls) as [keyof PortfolioCalls, ReadCall<readonly object[]>][]
  return [
    ...parts.map(([part, { request, read }]) => ({
      name: `asks for and reads the documented ${part}`,
      run() {
        const fixture = fixtures[part]
        assert.deepEqual(request(frozen(session)), fixture.request)
        assert.equal(fixture.request.method, 'GET', 'it only reads')
        checkRequest(broker, fixture.request)
        checkRequest(broker, broker.sign(frozen(fixture.request), frozen(session)))
        assert.equal(broker.classify(frozen(fixture.reply), 'api').kind, 'ok')
        const rows = read(frozen(fixture.reply))
        assert.deepEqual(rows, fixture.rows)
        assert.ok(rows.length > 0, 'the documented reply has something in it')
        for (const row of rows) checkAmounts(row)
      },
    })),
    {
      name: 'takes what it does not understand of a portfolio for no portfolio, and never for an empty one',
      run() {
        for (const [part, { read }] of parts) {
          for (const json of [
            undefined,
            null,
            [],
            {},
            '',
            0,
            { status: 'success' },
            { status: 'success', data: null },
            { status: 'success', data: {} },
          ])
            assertUnknown(() => read(replyOf(200, JSON.stringify(json) ?? '')), part)
        }
      },
    },
    {
      name: 'reads any JSON of a portfolio without another error than bad_reply',
      run() {
        const places = fc.tuple(
          fc.constantFrom(...parts),
          fc.nat({ max: 80 }),
          fc.oneof(fc.jsonValue(), fc.anything()),
        )
        fc.assert(
          fc.property(places, ([[part, { read }], at, value]) => {
            const json = replaced(fixtures[part].reply.json, { left: at }, value)
            const rows = readOrUnknown(read, { ...fixtures[part].reply, json }, part)
            for (const row of rows ?? []) checkAmounts(row)
          }),
          { numRuns: 1000 },
        )
      },
    },
  ]
}

function checkAmounts(row: object): void {
  for (const [name, value] of Object.entries(row)) {
    if (!amounts.test(name) || value === null) continue
    assert.ok(typeof value === 'string' && decimalOf(value) !== undefined, `${name} is decimal text`)
    assert.doesNotMatch(value, /e|^-0$|\.0*$/i, name)
  }
}

function readOrUnknown(read: (reply: BrokerReply) => readonly object[], reply: BrokerReply, part: string) {
  try {
    return read(reply)
  } catch (error) {
    assert.ok(error instanceof BhorError && error.code === 'bad_reply', `${part}: ${error}`)
    return undefined
  }
}

function assertUnknown(read: () => unknown, part: string): void {
  assert.throws(read, { name: 'BhorError', code: 'bad_reply' }, part)
}
