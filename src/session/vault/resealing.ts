import type { Vault } from '../../contracts/secrets.ts'
import type { SealedRow, SealedTable, StoreReads } from '../../contracts/store.ts'
import type { Writes } from '../ground/change.ts'
import { amended, places } from '../ground/records.ts'

type Reseal = (means: {
  readonly vault: Vault
  readonly reads: StoreReads
  readonly tx: Writes
  readonly id: string
}) => Promise<void>

/** A login that is under way compares what it carries with what is stored. */
const longestLoginMs = 20 * 60_000

/** Every sealed value of a row again under the key of now. Throws `store_damaged` for a row that bhor did not write. */
const reseals: Readonly<Record<SealedTable, Reseal>> = {
  async apps({ vault, reads, tx, id }) {
    const app = await reads.apps.byId(id)
    if (!app) return
    const sealedSecrets = vault.resealed(app.sealedSecrets, places.appSecrets(id))
    await tx.apps.update(amended(vault, 'apps', app, { sealedSecrets }))
  },
  async accounts({ vault, reads, tx, id }) {
    const account = await reads.accounts.byId(id)
    if (!account) return
    const { egress, ...settings } = account.settings
    const sealedLogin = egress?.sealedLogin && vault.resealed(egress.sealedLogin, places.egressLogin(id))
    const after = amended(vault, 'accounts', account, {
      sealedSecrets: vault.resealed(account.sealedSecrets, places.accountSecrets(id)),
      settings: {
        ...settings,
        ...(egress ? { egress: { ...egress, ...(sealedLogin ? { sealedLogin } : {}) } } : {}),
      },
    })
    await tx.accounts.update(after, account.generation)
  },
  async sessions({ vault, reads, tx, id }) {
    const session = await reads.sessions.byId(id)
    if (!session) return
    const { generation } = session
    const after = amended(vault, 'sessions', session, {
      sealedTokens: vault.resealed(session.sealedTokens, places.tokens(id, generation)),
      sealedGrant: vault.resealed(session.sealedGrant, places.grant(id, generation)),
    })
    await tx.sessions.update(after)
  },
  async logins({ vault, reads, tx, id }) {
    const login = await reads.logins.byId(id)
    if (!login) return
    const sealedCarry = vault.resealed(login.sealedCarry, places.carry(id))
    await tx.logins.update(amended(vault, 'logins', login, { sealedCarry }), login.status)
  },
  async alert_channels({ vault, reads, tx, id }) {
    const channel = await reads.channels.byId(id)
    if (!channel) return
    const sealedSecrets = vault.resealed(channel.sealedSecrets, places.channelSecrets(id))
    await tx.channels.update(amended(vault, 'alert_channels', channel, { sealedSecrets }))
  },
  async alert_outbox({ vault, reads, tx, id }) {
    const waiting = await reads.outbox.byId(id)
    if (!waiting) return
    const sealedAlert = vault.resealed(waiting.sealedAlert, places.waitingAlert(id))
    await tx.outbox.delete([id])
    await tx.outbox.insert({ ...waiting, sealedAlert })
  },
  async passphrases({ vault, reads, tx }) {
    const passphrase = await reads.passphrases.get()
    if (!passphrase) return
    const sealedHash = vault.resealed(passphrase.sealedHash, places.deskPassphrase())
    await tx.passphrases.set(amended(vault, 'passphrases', passphrase, { sealedHash }))
  },
}

/** Whether a row has to be left alone for now. */
export async function isUnderWay(
  { table, id }: SealedRow,
  reads: StoreReads,
  nowMs: number,
): Promise<boolean> {
  if (table !== 'logins') return false
  const login = await reads.logins.byId(id)
  if (login?.status !== 'open' && login?.status !== 'used') return false
  return nowMs - login.createdAtMs < longestLoginMs
}

export function reseal({ table, id }: SealedRow, means: Omit<Parameters<Reseal>[0], 'id'>): Promise<void> {
  return reseals[table]({ ...means, id })
}
