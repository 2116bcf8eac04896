import type { StatementSync } from 'node:sqlite'
import type { SharedDatabase } from './shared-database.ts'
import { holds } from './violation.ts'

/** Looks at who takes a lease from whom: nobody from somebody who has it, by the true time. */
export class LeaseWatch {
  readonly #taken: StatementSync

  /** Wants the function `true_now_ms`. */
  constructor({ raw }: SharedDatabase) {
    raw.exec(`create temp table taken (what text not null);
      create temp trigger lease_taken after update on main.work
        when old.owner > '' and new.owner > '' and new.owner <> old.owner and old.leased_until_ms > true_now_ms()
        begin insert into taken values (new.kind || ' of ' || new.account_id); end`)
    this.#taken = raw.prepare('select what from taken')
  }
  committed(by: string): void {
    const taken = this.#taken.get() as { what: string } | undefined
    holds(!taken, () => `I7 ${by} has taken the lease on ${taken?.what} from somebody who has it`)
  }
}
