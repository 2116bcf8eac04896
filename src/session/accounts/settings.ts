import type { SettingsChange, AccountSettings as SettingsView } from '../../contracts/api.ts'
import type { Vault } from '../../contracts/secrets.ts'
import type { AccountSettings } from '../../contracts/store.ts'
import { egressAfter, egressSettings } from '../egress/settings.ts'
import { checkText } from '../ground/fields.ts'
import { hygieneAfter } from '../hygiene/settings.ts'
import { rateLimitAfter } from './rate-limit.ts'

/** The settings of an account after a change: what is not named stays, empty text takes away. @throws BhorError `bad_field`, `bad_secret` */
export function settingsAfter(
  vault: Vault,
  accountId: string,
  before: AccountSettings,
  change: SettingsChange = {},
): AccountSettings {
  const group = change.group === undefined ? before.group : checkText('settings.group', change.group, 40)
  const egress =
    change.egress === undefined ? before.egress : egressAfter(vault, accountId, before.egress, change.egress)
  const rateLimit = rateLimitAfter(before.rateLimit, change.rateLimit)
  const hygiene = hygieneAfter(before.hygiene, change.hygiene)
  return {
    ...(group ? { group } : {}),
    ...(egress ? { egress } : {}),
    ...(hygiene ? { hygiene } : {}),
    ...(before.renewable ? { renewable: true } : {}),
    ...(rateLimit ? { rateLimit } : {}),
  }
}

export function withRenewable(settings: AccountSettings, isRenewable: boolean): AccountSettings {
  const { renewable: _, ...others } = settings
  return isRenewable ? { ...others, renewable: true } : others
}

/** What may be shown of them. */
export function settingsView({
  group,
  egress,
  hygiene,
  renewable,
  rateLimit,
}: AccountSettings): SettingsView {
  return {
    ...(group ? { group } : {}),
    ...(egress ? { egress: egressSettings(egress) } : {}),
    ...(hygiene ? { hygiene: { ...hygiene } } : {}),
    ...(renewable ? { renewable } : {}),
    ...(rateLimit ? { rateLimit: { ...rateLimit } } : {}),
  }
}
