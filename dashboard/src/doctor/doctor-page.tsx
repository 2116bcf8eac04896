import { useSignal } from '@preact/signals'
import { type DoctorFinding, type Gravity, gravities } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { BackLink } from '../parts/back-link.tsx'
import { Badge, type Look } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { CopyBox } from '../parts/copy-box.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { addressOf, type PageName } from '../place.ts'
import { tellsOf } from '../settings/house-change.ts'
import { useReading } from '../settings/use-reading.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/settings.ts'

const said = words.doctor

const looks: Readonly<Record<Gravity, Omit<Look, 'word'>>> = {
  grave: { tone: 'red', shape: 'cross' },
  warning: { tone: 'amber', shape: 'triangle' },
  note: { tone: 'grey', shape: 'ring' },
  fine: { tone: 'green', shape: 'tick' },
}

/** Where something is seen to, beside the command. */
const places: Readonly<Record<string, readonly [PageName, ...string[]]>> = {
  audit: ['audit'],
  backup: ['settings', 'backup'],
  accounts: ['accounts'],
  egress: ['accounts'],
  calendar: ['settings', 'calendar'],
  hygiene: ['programs'],
}

/** What is found, the gravest first; what is fine is said, too. */
export function DoctorPage() {
  const isLooking = useSignal(false)
  const { value, problem, again } = useReading(
    async () => ({ findings: await call('GET /v1/doctor'), at: new Date(now.peek()).toISOString() }),
    tellsOf('trouble', 'backups', 'calendar'),
  )
  const lookAgain = async () => {
    isLooking.value = true
    await again()
    isLooking.value = false
  }
  const findings = value.value?.findings ?? []
  const count = (gravity: Gravity) => findings.filter((finding) => finding.gravity === gravity).length
  const isWell = count('grave') + count('warning') === 0
  return (
    <>
      <BackLink to={addressOf('settings')}>{words.shell.pages.settings}</BackLink>
      <div class="title-row">
        <div>
          <h1 class="headline">{words.shell.pages.doctor}</h1>
          <p class="subline">
            {value.value === null ? (
              said.lead
            ) : (
              <>
                <strong>{isWell ? said.well : said.summary(count('grave'), count('warning'))}</strong>{' '}
                {said.asOf(whenText(value.value.at, now.peek()))}
              </>
            )}
          </p>
        </div>
        <Button look="primary" onPress={() => void lookAgain()} isBusy={isLooking.value}>
          {said.again}
        </Button>
      </div>
      <ProblemNote problem={problem.value} />
      {value.value === null && problem.value === null && <p class="loading">{said.looking}</p>}
      {gravities.map((gravity) => (
        <Findings
          key={gravity}
          gravity={gravity}
          findings={findings.filter((finding) => finding.gravity === gravity)}
        />
      ))}
    </>
  )
}

function Findings({
  gravity,
  findings,
}: {
  readonly gravity: Gravity
  readonly findings: readonly DoctorFinding[]
}) {
  if (findings.length === 0) return null
  return (
    <section class="section" data-gravity={gravity}>
      <h2 class="section-title finding-group">
        <Badge look={{ ...looks[gravity], word: said.gravities[gravity] }} />
      </h2>
      <ul class="rows">
        {findings.map((finding) => (
          <FindingRow key={finding.check} finding={finding} />
        ))}
      </ul>
    </section>
  )
}

function FindingRow({ finding: { check, ok, text, hint, command } }: { readonly finding: DoctorFinding }) {
  const place = ok ? undefined : places[check]
  const isRollback = command?.includes('--accept-rollback') === true
  return (
    <li class="row finding" data-check={check}>
      <h3 class="row-name">{said.checks[check] ?? check}</h3>
      <div class="row-main">
        <p>{text}</p>
        {hint !== null && hint !== command && <p class="fine">{hint}</p>}
        {isRollback && <p>{said.rollback}</p>}
        {command !== null && <CopyBox label={said.command} text={command} />}
        {place && (
          <p>
            <a href={addressOf(...place)}>{said.seeTo(placeName(place))}</a>
          </p>
        )}
      </div>
    </li>
  )
}

function placeName([page, section]: readonly [PageName, ...string[]]): string {
  const sections: Readonly<Record<string, readonly [string, string]>> = words.settings.sections
  return (section === undefined ? undefined : sections[section]?.[0]) ?? words.shell.pages[page]
}
