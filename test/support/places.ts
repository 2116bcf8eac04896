import { sectionNames } from '../../dashboard/src/settings/sections.ts'

/** The sections of an account's page. */
export const accountTabs = [
  'overview',
  'credentials',
  'test',
  'trading',
  'programs',
  'egress',
  'gate',
  'alerts',
  'mirrors',
  'activity',
  'edit',
  'remove',
] as const

/** Every place of the page, as it stands behind the `#` of its address. */
export function placesOf(account: string): readonly string[] {
  return [
    'today',
    'accounts',
    ...accountTabs.map((tab) => `accounts/${account}/${tab}`),
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
