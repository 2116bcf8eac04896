import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Edit } from '../simulation/planted/plant.ts'
import { onEveryCore } from '../support/every-core.ts'
import { type Order, ordersOf, type Struck } from './strikes.ts'

/** A bug that somebody could make, and by what the loop finds it: in the tier that runs each time. */
interface Planted {
  readonly what: string
  readonly edits: readonly Edit[]
  readonly scenario: string
  readonly found: RegExp
}
const one = (file: string, find: string, replace: string): Edit => ({ file, find, replace })
const commit = 'session/login/commit.ts'

const bugs: readonly Planted[] = [
  {
    what: 'a code is sent while its intent is still on its way to the store',
    edits: [
      one(
        'session/ground/intent.ts',
        'await change(lease ? { ...context, lease } : context, write)',
        'void change(lease ? { ...context, lease } : context, write).catch(() => {})',
      ),
    ],
    scenario: 'a first login, which pins the person',
    found: /I10 does not say that the broker has acted/,
  },
  {
    what: 'what is changed is published before its commit',
    edits: [
      one(
        'session/ground/change.ts',
        'await tx.feed.insert(rows)',
        'await tx.feed.insert(rows); await feed.committed(rows)',
      ),
    ],
    scenario: 'a login that replaces a live session',
    found: /I6 told of what is not stored/,
  },
  {
    what: 'the session before ends in a transaction of its own',
    edits: [
      one(
        commit,
        "    await tx.sessions.update(amended(context.vault, 'sessions', before, replaced))\n",
        `    const ended = amended(context.vault, 'sessions', before, replaced)
    later.push((d) => d.tell({ actor: principal.actor, action: 'session.revoke', result: 'ok', account: updated }).sessions.update(ended))\n`,
      ),
      one(
        commit,
        'const attempt = () => change(context, (c) => commitOnce(context, principal, input, c))',
        `const attempt = async () => {
          const done = await change(context, (c) => commitOnce(context, principal, input, c))
          for (const end of later.splice(0)) await change(context, end)
          return done
        }`,
      ),
      one(commit, 'const finished =', 'const later: ((c: Change) => Promise<void>)[] = []\nconst finished ='),
    ],
    scenario: 'a login that replaces a live session',
    found: /I2 a session that is not the newest is still active/,
  },
  {
    what: 'a login that went wrong leaves the sessions alone that share its app',
    edits: [
      one(
        'session/ground/intent.ts',
        '    await doubt(context, c, others, account, arrivesInMs)',
        '    await doubt(context, c, [], account)',
      ),
    ],
    scenario: 'a login that ends it, and whose own session is lost',
    found: /I8 hands out generation 1, which is dead/,
  },
  {
    what: 'a token leaves before its record is durable',
    edits: [
      one(
        'session/handout/handout.ts',
        'await this.#recorderOf(principal, entry, ready, kind)()',
        'void this.#recorderOf(principal, entry, ready, kind)().catch(() => {})',
      ),
    ],
    scenario: 'a hand-out to a key',
    found: /I5 \d+ tokens have left/,
  },
]

test('a planted bug is found by the scenario that it is about', async (t) => {
  const orders = bugs.flatMap(({ scenario, edits }) =>
    ordersOf(false)
      .filter((order) => order.scenario === scenario)
      .map((order) => ({ ...order, edits })),
  )
  const found = new Map<readonly Edit[], string[]>()
  const told = ({ violations }: Struck, { edits = [] }: Order) =>
    void found.set(edits, [...(found.get(edits) ?? []), ...violations])
  await onEveryCore<Order, Struck>(new URL('./worker.ts', import.meta.url), orders, told)
  for (const { what, edits, found: words } of bugs) {
    const violations = found.get(edits) ?? []
    assert.ok(
      violations.some((one) => words.test(one)),
      `${what}: ${violations.join('\n') || 'not found'}`,
    )
  }
  t.diagnostic(`${bugs.length} bugs planted, ${bugs.length} found`)
})
