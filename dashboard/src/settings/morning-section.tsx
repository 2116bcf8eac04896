import type { ConfigOption, RollCallView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { addressOf } from '../place.ts'
import { words } from '../words/settings.ts'
import { dayText } from './calendar/segment-words.ts'
import { tellsOf } from './house-change.ts'
import { OptionLines } from './option-line.tsx'
import { Part, Section } from './section.tsx'
import { useReading } from './use-reading.ts'

const said = words.settings.morning
const names = [
  'roll_call_deadline',
  'roll_call_at',
  'roll_call_accounts',
  'alerts_check_at',
  'alerts_session_hours',
  'heartbeat_url',
  'locked_notice_url',
]

/** A trading day's morning as it will go, and which lines change it. */
export function MorningSection() {
  const { value, problem } = useReading(
    async () => ({ options: await call('GET /v1/config'), rollCall: await call('GET /v1/roll-call') }),
    tellsOf('settings', 'calendar'),
  )
  return (
    <Section name="morning" problem={problem.value} isRead={value.value !== null}>
      {value.value && <Morning {...value.value} />}
    </Section>
  )
}

function Morning({
  options,
  rollCall,
}: {
  readonly options: readonly ConfigOption[]
  readonly rollCall: RollCallView
}) {
  const optionOf = (name: string) => options.find((option) => option.name === name)?.value ?? ''
  const accounts = optionOf('roll_call_accounts')
  const { live, all, named } = said.who
  return (
    <>
      <p>
        {said.next(dayText(rollCall.date), rollCall.text)}{' '}
        {accounts === 'live' ? live : accounts === 'all' ? all : named(accounts)}
      </p>
      <ol class="timeline" aria-label={said.line}>
        {hoursOf(optionOf).map(([time, text]) => (
          <li key={`${time} ${text}`}>
            <time>{time}</time> {text}
          </li>
        ))}
      </ol>
      <p class="fine">
        {said.channels} <a href={addressOf('settings', 'alerts')}>{words.settings.sections.alerts[0]}</a>
      </p>
      <Part title={said.changing} text={said.changeText}>
        <OptionLines options={options} names={names} />
      </Part>
    </>
  )
}

/** What happens when, in order. */
function hoursOf(optionOf: (name: string) => string): readonly (readonly [time: string, text: string])[] {
  const calls = optionOf('roll_call_at').split(',')
  const steps = [
    [optionOf('alerts_check_at'), said.looks],
    ...calls.map((time, at) => [time.trim(), said.calls(at === calls.length - 1 ? said.urgent : said.first)]),
    [optionOf('roll_call_deadline'), said.deadline],
  ] as [string, string][]
  return steps.toSorted(([a], [b]) => a.localeCompare(b))
}
