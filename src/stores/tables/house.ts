import { actorKinds } from '../../contracts/audit.ts'
import { type HouseRecord, type HouseWrites, type Pause, type Seal, theHouse } from '../../contracts/store.ts'
import { instant, json, nullable, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { fieldsOf, isFlag, isInstant, isText, oneOf, orNull } from '../shapes.ts'
import { damagedAt, table } from '../table.ts'
import type { Witness } from '../witness.ts'

const isActor = fieldsOf({
  kind: oneOf(actorKinds),
  id: isText,
})

export const isPause = fieldsOf<Pause>({
  sinceMs: isInstant,
  firstBy: isActor,
  atMs: isInstant,
  by: isActor,
  reason: isText,
  untilMs: orNull(isInstant),
  withholds: isFlag,
})

const isSeal = fieldsOf<Seal>({ atMs: isInstant, by: isActor, reason: isText })

export const house = table<HouseRecord>()(
  'house',
  {
    id: word('id', [theHouse]),
    kill: nullable(json('kill_json', isPause)),
    seal: nullable(json('seal_json', isSeal)),
    changedAtMs: instant('changed_at_ms'),
    mac: text('mac'),
  },
  // What permits something is live: a stop can be set in a store that went back, too.
  { key: 'id', live: { kill: [null], seal: [null] } },
)

export function houseQueries(db: Db, witness: Witness): HouseWrites {
  const rows = rowsOf(db, house, witness)
  return {
    async get() {
      const found = await rows.find({ id: theHouse })
      if (!found) throw damagedAt('house', theHouse)
      return found
    },
    async set(record) {
      await rows.delete({ id: theHouse })
      await rows.insert(record)
    },
  }
}
