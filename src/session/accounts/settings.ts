import type { AccountSettings } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { checkText } from '../ground/fields.ts'

const plainAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]{2,39})$/

/** @throws BhorError `bad_field` */
export function checkSettings({ group, egress }: AccountSettings): AccountSettings {
  if (egress && egress.from !== '' && !plainAddress.test(egress.from)) {
    throw new BhorError('bad_field', 'The source address is not an IP address.', {
      hint: 'Give an address that this computer has, such as 192.0.2.7, or empty text for any.',
      facts: { field: 'settings.egress.from' },
    })
  }
  return {
    ...(group ? { group: checkText('settings.group', group, 40) } : {}),
    ...(egress?.from ? { egress: { from: egress.from } } : {}),
  }
}
