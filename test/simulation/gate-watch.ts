import type { StatementSync } from 'node:sqlite'
import type { SharedDatabase } from './shared-database.ts'
import { clockErrorMs } from './violation.ts'

interface Stop {
  readonly untilMs: number | null
  readonly withholds: boolean
}
/** Everybody hears within this much that a stop was lifted. */
const heardWithinMs = 5_000

/** Knows from the rows themselves for whom trading is stopped so that nothing may leave that can order. */
export class GateWatch {
  readonly #nowMs: () => number
  readonly #pause: StatementSync
  readonly #kill: StatementSync
  readonly #lifted: StatementSync

  /** Wants the function `true_now_ms`. */
  constructor({ raw }: SharedDatabase, nowMs: () => number) {
    this.#nowMs = nowMs
    raw.exec(`create temp table lifted (id text primary key, at_ms integer not null);
      create temp trigger pause_lifted after update on main.accounts
        when old.pause_json is not null and new.pause_json is not old.pause_json
        begin insert or replace into lifted values (new.id, true_now_ms()); end;
      create temp trigger kill_lifted after delete on main.house
        when old.kill_json is not null
        begin insert or replace into lifted values ('house', true_now_ms()); end`)
    this.#pause = raw.prepare('select pause_json as stop from accounts where id = ?')
    this.#kill = raw.prepare('select kill_json as stop from house')
    this.#lifted = raw.prepare(`select max(at_ms) as atMs from lifted where id in (?, 'house')`)
  }
  /** Whether a token that can order must not leave now, whatever clock is asked. */
  withholds(accountId: string): boolean {
    return this.#stops(accountId).some((stop) => lasts(stop, this.#nowMs() + clockErrorMs))
  }
  /** Whether one may have been refused for that, if it was asked for at `atMs`. */
  mayRefuse(accountId: string, atMs: number): boolean {
    const { atMs: liftedMs } = this.#lifted.get(accountId) as { atMs: number | null }
    if (liftedMs !== null && liftedMs >= atMs - heardWithinMs) return true
    return this.#stops(accountId).some((stop) => lasts(stop, atMs - clockErrorMs))
  }
  #stops(accountId: string): Stop[] {
    const read = (row: unknown) => {
      const { stop } = (row ?? { stop: null }) as { stop: string | null }
      return stop === null ? undefined : (JSON.parse(stop) as Stop)
    }
    const [pause, kill] = [read(this.#pause.get(accountId)), read(this.#kill.get())]
    return [pause?.withholds ? pause : undefined, kill].filter((stop) => stop !== undefined)
  }
}

const lasts = ({ untilMs }: Stop, nowMs: number) => untilMs === null || nowMs < untilMs
