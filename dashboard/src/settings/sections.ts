/** The sections of the settings, in the order in which they are shown; each is the second part of an address. */
export const sectionNames = [
  'alerts',
  'morning',
  'calendar',
  'browsers',
  'vault',
  'seal',
  'backup',
  'record',
  'config',
] as const
export type SectionName = (typeof sectionNames)[number]
