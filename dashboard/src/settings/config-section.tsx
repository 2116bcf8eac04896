import { useSignal } from '@preact/signals'
import { call } from '../api.ts'
import { words } from '../words/settings.ts'
import { isFound } from './config-line.ts'
import { tellsOf } from './house-change.ts'
import { OptionLines } from './option-line.tsx'
import { Section } from './section.tsx'
import { useReading } from './use-reading.ts'

const said = words.settings.config

/** Every option, searchable: each can be found by what it means. */
export function ConfigSection() {
  const { value: options, problem } = useReading(() => call('GET /v1/config'), tellsOf('settings'))
  const searched = useSignal('')
  const isOnlySet = useSignal(false)
  const shown = (options.value ?? []).filter(
    (option) => (!isOnlySet.value || option.source !== 'default') && isFound(option, searched.value.trim()),
  )
  // The folder belongs to each line, also where it is not among those that are shown.
  const home = options.value?.find(({ name }) => name === 'home')
  const names = shown.map(({ name }) => name)
  return (
    <Section name="config" problem={problem.value} isRead={options.value !== null}>
      <div class="list-tools">
        <input
          class="search"
          type="search"
          aria-label={said.search}
          placeholder={said.search}
          onInput={(event) => {
            searched.value = event.currentTarget.value
          }}
        />
        <div class="filters">
          {[false, true].map((only) => (
            <button
              key={String(only)}
              type="button"
              class="chip"
              aria-pressed={isOnlySet.value === only}
              onClick={() => {
                isOnlySet.value = only
              }}
            >
              {only ? said.set : said.all}
            </button>
          ))}
        </div>
      </div>
      {shown.length === 0 ? (
        <p class="blank">{said.none}</p>
      ) : (
        <OptionLines options={home ? [...shown, home] : shown} names={names} />
      )}
    </Section>
  )
}
