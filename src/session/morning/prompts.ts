import type { LoginLink, LoginPromptView } from '../../contracts/api.ts'
import type { AccountRecord, PromptRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { iso } from '../../core/instant.ts'
import { accountFor } from '../accounts/account.ts'
import { knownDays } from '../calendar/known.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { amended, proven, soundOf, stamped } from '../ground/records.ts'
import { keeper, type Principal, requireAtDesk } from '../ground/rights.ts'
import { porchOf } from '../login/hook-paths.ts'
import type { Logins } from '../login/logins.ts'
import { nextMorning, promptOutlivesMs, usualMorning } from './times.ts'

/** Where the links of prompts lead, at the porch or the desk. */
export const promptPath = '/hooks/login/'

/**
 * The invitations that reminders carry, and that somebody at the desk sends along: a link that lives for a morning, works
 * once, and makes a login of one account. One that lies in a mailbox opens nothing else, and an account has one at a time,
 * however many ask for it.
 */
export class Prompts {
  readonly #context: SessionContext
  readonly #logins: Logins

  constructor(context: SessionContext, logins: Logins) {
    this.#context = context
    this.#logins = logins
  }

  /**
   * The link for somebody who is to log in somewhere else, as somebody at the desk asks for it: until the end of the next
   * morning's, so that its reminders carry the same.
   *
   * @throws BhorError `porch_needed`, `scope_missing`
   */
  async make(principal: Principal, alias: string): Promise<LoginLink> {
    requireAtDesk(principal)
    const context = this.#context
    const account = await accountFor(context, principal, 'login', alias)
    porchOf(context)
    const lists = await knownDays(context)
    const { deadlineMs } = nextMorning(lists, context.morning ?? usualMorning, context.clock.nowMs())
    const prompt = await this.#promptFor(principal, account, deadlineMs + promptOutlivesMs)
    return {
      account: account.alias,
      broker: account.broker,
      kind: account.kind,
      url: context.linkTo(`${promptPath}${this.#tokenOf(prompt)}`),
      expiresAt: iso(prompt.expiresAtMs),
    }
  }

  /** What stands behind `…/hooks/login/` in the link of this account's prompt: the one that is open, or a new one. */
  async tokenFor(account: AccountRecord, expiresAtMs: number): Promise<string> {
    return this.#tokenOf(await this.#promptFor(keeper, account, expiresAtMs))
  }

  async #promptFor({ actor }: Principal, account: AccountRecord, expiresAtMs: number): Promise<PromptRecord> {
    const { store, vault, clock, random } = this.#context
    const nowMs = clock.nowMs()
    const prompt = await change(this.#context, async (c) => {
      const open = soundOf(vault, 'prompts', await c.reads.prompts.open(nowMs))
      const own = open.find(({ accountId }) => accountId === account.id)
      if (own) return own
      const made = stamped(vault, 'prompts', {
        id: newId('prompt', random),
        accountId: account.id,
        status: 'open',
        loginId: '',
        createdAtMs: nowMs,
        expiresAtMs,
      })
      const detail = { prompt: made.id, until: iso(expiresAtMs) }
      await c.tell({ actor, action: 'prompt.create', result: 'ok', account, detail }).prompts.insert(made)
      return made
    })
    // Two servers that ask at the same moment make two; the older one is what everybody sends.
    const open = soundOf(vault, 'prompts', await store.prompts.open(nowMs)).filter(
      ({ accountId }) => accountId === account.id,
    )
    return open.at(-1) ?? prompt
  }

  /** What a link is for. @throws BhorError `prompt_invalid`, `prompt_over` */
  async view(token: string): Promise<LoginPromptView> {
    const { prompt, account } = await this.#found(token)
    const { name: brokerName } = await this.#context.broker(account.broker)
    const { alias, label, broker, kind } = account
    return { account: alias, label, broker, brokerName, kind, expiresAt: iso(prompt.expiresAtMs) }
  }

  /**
   * Makes the login. The link is spent by it.
   *
   * @returns the address of the broker's page; null where the broker has none and is to be answered at the desk
   * @throws BhorError `prompt_invalid`, `prompt_over`; as `Logins.start`, by which the link is not spent
   */
  async use(token: string): Promise<{ readonly account: string; readonly url: string | null }> {
    const context = this.#context
    const { prompt, account } = await this.#found(token)
    const principal = principalOf(prompt)
    const started = await this.#logins.start(principal, account.alias, { via: 'prompt' })
    const isFirst = await change(context, async (c) => {
      const used = amended(context.vault, 'prompts', prompt, { status: 'used', loginId: started.login })
      const detail = { prompt: prompt.id, login: started.login }
      const tx = c.tell({ actor: principal.actor, action: 'prompt.use', result: 'ok', account, detail })
      return tx.prompts.update(used, 'open')
    })
    if (isFirst) return { account: account.alias, url: started.url }
    await this.#logins.cancel(principal, account.alias, started.login)
    throw over('used')
  }

  /** Nobody needs the prompt of an account that is ready. */
  async withdraw(account: AccountRecord): Promise<void> {
    const { store, vault, clock } = this.#context
    const open = soundOf(vault, 'prompts', await store.prompts.open(clock.nowMs()))
    for (const prompt of open.filter(({ accountId }) => accountId === account.id)) {
      const withdrawn = amended(vault, 'prompts', prompt, { status: 'withdrawn' })
      const event = { actor: keeper.actor, action: 'prompt.withdraw', result: 'ok', account } as const
      const detail = { prompt: prompt.id }
      await change(this.#context, async (c) => c.tell({ ...event, detail }).prompts.update(withdrawn, 'open'))
    }
  }

  /** Whether bhor has made this link, whatever became of it; recorded where it has not. @throws BhorError `audit_unavailable` */
  async isOwn(token: string): Promise<boolean> {
    const [id = '', signature = ''] = token.split('.')
    if (this.#context.vault.isStateSigned(signedText(id), signature)) return true
    const refusal = { action: 'prompt.use', result: 'refused', code: 'prompt_invalid' } as const
    await this.#context.refusals.record({ actor: { kind: 'prompt', id: '' }, ...refusal })
    return false
  }

  async #found(token: string): Promise<{ prompt: PromptRecord; account: AccountRecord }> {
    const { store, vault, clock } = this.#context
    if (!(await this.isOwn(token)))
      throw new BhorError('prompt_invalid', 'This link is not one of bhor’s; its end may be missing.')
    const [id = ''] = token.split('.')
    const stored = await store.prompts.byId(id)
    // Its account was removed.
    if (!stored) throw over('withdrawn')
    const prompt = proven(vault, 'prompts', stored)
    const account = await store.accounts.byId(prompt.accountId)
    if (!account) throw over('withdrawn')
    if (prompt.status !== 'open') throw over(prompt.status)
    if (clock.nowMs() >= prompt.expiresAtMs) throw over('expired')
    return { prompt, account: proven(vault, 'accounts', account) }
  }

  #tokenOf({ id }: PromptRecord): string {
    return `${id}.${this.#context.vault.signState(signedText(id))}`
  }
}

/** A broker's id has no space: no signature of a login's state is one of these. */
const signedText = (id: string) => `login prompt ${id}`

/** Whoever opens the link may log in to this account, and nothing else. */
function principalOf({ id, accountId }: PromptRecord): Principal {
  return { actor: { kind: 'prompt', id }, rights: new Set(['login']), accountIds: new Set([accountId]) }
}

const overTexts = {
  used: 'This link was used already; each works once.',
  withdrawn: 'This account needs no login by this link any more.',
  expired: 'This link was for an earlier morning.',
} as const

function over(how: keyof typeof overTexts): BhorError {
  return new BhorError('prompt_over', overTexts[how], { facts: { how } })
}
