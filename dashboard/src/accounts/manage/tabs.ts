/** The sections of an account's page, by the name that stands in the address. */
export const manageTabs = [
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
export type ManageTab = (typeof manageTabs)[number]

/** What stands in the address; the first one where nothing like that is known. */
export function tabOf(named: string | undefined): ManageTab {
  return manageTabs.find((tab) => tab === named) ?? 'overview'
}
