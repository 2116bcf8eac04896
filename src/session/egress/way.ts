import type { Egress } from '../../contracts/net.ts'
import type { Vault } from '../../contracts/secrets.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { places } from '../ground/records.ts'

/** The way out of an account, with the login of its proxy opened; undefined for the direct one. */
export function egressOf(
  vault: Vault,
  { id, settings }: Pick<AccountRecord, 'id' | 'settings'>,
): Egress | undefined {
  const { from, proxy, sealedLogin } = settings.egress ?? {}
  if (proxy === undefined) return from === undefined ? undefined : { from }
  const login = sealedLogin === undefined ? {} : { login: vault.open(sealedLogin, places.egressLogin(id)) }
  return { proxy: { url: proxy, ...login } }
}
