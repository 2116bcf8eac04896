import type { ComponentChildren } from 'preact'
import { addressOf, place } from '../place.ts'
import { words } from '../words/settings.ts'
import { AlertsSection } from './alerts/alerts-section.tsx'
import { BackupSection } from './backup-section.tsx'
import { BrowsersSection } from './browsers-section.tsx'
import { CalendarSection } from './calendar/calendar-section.tsx'
import { ConfigSection } from './config-section.tsx'
import { MorningSection } from './morning-section.tsx'
import { RecordSection } from './record-section.tsx'
import { SealSection } from './seal-section.tsx'
import { type SectionName, sectionNames } from './sections.ts'
import { SettingsIndex } from './settings-index.tsx'
import { VaultSection } from './vault-section.tsx'

const sections: Readonly<Record<SectionName, () => ComponentChildren>> = {
  alerts: () => <AlertsSection />,
  morning: () => <MorningSection />,
  calendar: () => <CalendarSection />,
  browsers: () => <BrowsersSection />,
  vault: () => <VaultSection />,
  seal: () => <SealSection />,
  backup: () => <BackupSection />,
  record: () => <RecordSection />,
  config: () => <ConfigSection />,
}

/** `#settings` is the list of sections, `#settings/alerts` one of them. */
export function SettingsPage() {
  const [named] = place.value.path
  const at = sectionNames.find((name) => name === named)
  if (at === undefined) return <SettingsIndex />
  return (
    <div class="settings">
      <nav class="settings-nav" aria-label={words.settings.nav}>
        <a href={addressOf('settings')}>{words.settings.back}</a>
        {sectionNames.map((name) => (
          <a key={name} href={addressOf('settings', name)} aria-current={name === at ? 'page' : undefined}>
            {words.settings.sections[name][0]}
          </a>
        ))}
        <a href={addressOf('doctor')}>{words.settings.doctor}</a>
      </nav>
      {sections[at]()}
    </div>
  )
}
