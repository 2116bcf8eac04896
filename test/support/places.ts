import { manageTabs } from '../../dashboard/src/accounts/manage/tabs.ts'
import { sectionNames } from '../../dashboard/src/settings/sections.ts'

/** Every place of the page, as it stands behind the `#` of its address. */
export function placesOf(account: string): readonly string[] {
  return [
    'today',
    'accounts',
    ...manageTabs.map((tab) => `accounts/${account}/${tab}`),
    'portfolio',
    'settings',
    ...sectionNames.map((section) => `settings/${section}`),
    'doctor',
    'programs',
    'programs/new',
    'audit',
    `audit/account/${account}/kind/gate`,
  ]
}
