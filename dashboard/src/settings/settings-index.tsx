import { Icon } from '../parts/icon.tsx'
import { addressOf } from '../place.ts'
import { words } from '../words/settings.ts'
import { tellsOf } from './house-change.ts'
import { sectionNames } from './sections.ts'
import { readSummaries, type Summary } from './summaries.ts'
import { useReading } from './use-reading.ts'

const isAbout = tellsOf('alerts', 'calendar', 'backups', 'browsers', 'seal', 'vault', 'settings')

/** Every section with how it stands, so that nobody has to open one to know. */
export function SettingsIndex() {
  const { value: summaries } = useReading(readSummaries, isAbout)
  return (
    <>
      <h1 class="headline">{words.shell.pages.settings}</h1>
      <p class="subline">{words.settings.lead}</p>
      <ul class="rows settings-index">
        {sectionNames.map((name) => {
          const [title, text] = words.settings.sections[name]
          return (
            <li key={name}>
              <Entry
                to={addressOf('settings', name)}
                title={title}
                about={text}
                summary={summaries.value?.[name]}
              />
            </li>
          )
        })}
        <li>
          <Entry to={addressOf('doctor')} title={words.settings.doctor} about={words.settings.doctorAbout} />
        </li>
      </ul>
    </>
  )
}

function Entry({
  to,
  title,
  about,
  summary,
}: {
  readonly to: string
  readonly title: string
  readonly about: string
  readonly summary?: Summary | undefined
}) {
  return (
    <a class="row entry" href={to}>
      <span class="row-name">{title}</span>
      <span class="entry-state" data-tone={summary?.isTrouble ? 'red' : undefined}>
        {summary?.text}
      </span>
      <span class="fine">{about}</span>
      <Icon name="onward" />
    </a>
  )
}
