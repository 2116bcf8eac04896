import { Accounts } from './accounts/accounts.ts'
import { Audit } from './ground/audit.ts'
import type { SessionContext } from './ground/context.ts'
import { ClientKeys } from './handout/client-keys.ts'
import { Sessions } from './life/sessions.ts'
import { Logins } from './login/logins.ts'

/** The domain as its callers see it, by noun. Every action takes a principal and decides itself whether it may. */
export class Desk {
  readonly context: SessionContext
  readonly accounts: Accounts
  readonly logins: Logins
  readonly sessions: Sessions
  readonly keys: ClientKeys
  readonly audit: Audit

  constructor(context: SessionContext) {
    this.context = context
    this.accounts = new Accounts(context)
    this.logins = new Logins(context)
    this.sessions = new Sessions(context)
    this.keys = new ClientKeys(context)
    this.audit = new Audit(context)
  }
}
