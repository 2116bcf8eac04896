import { useEffect } from 'preact/hooks'
import type { AuditCheck } from '../../../src/contracts/api.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { minuteEnd } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/audit.ts'
import { chain, checkChain } from './chain.ts'

/** Whether nobody has changed the record, and when that was found. The first look at the page asks for it. */
export function ChainLine() {
  const { isBusy, problem, run } = useAction()
  const check = () => void run(checkChain)
  useEffect(() => {
    if (chain.peek() === null) check()
  }, [])
  const said = words.audit.chain
  const known = chain.value
  const isIntact = known?.check.intact ?? null
  return (
    <section
      class="chain"
      aria-label={said.title}
      data-tone={isIntact === null ? 'grey' : isIntact ? 'green' : 'red'}
      data-intact={isIntact}
    >
      <div class="chain-line">
        <Icon name={isIntact === false ? 'close' : isIntact ? 'tick' : 'audit'} />
        <p>
          <span role="status">
            {isBusy.value ? said.checking : known === null ? said.unknown : <Verdict check={known.check} />}
            {!isBusy.value && known !== null && ` ${said.checked(whenText(known.at, minuteEnd.value))}`}
          </span>{' '}
          <button type="button" onClick={check} disabled={isBusy.value}>
            {known === null ? said.check : said.again}
          </button>
        </p>
      </div>
      <ProblemNote problem={problem.value} />
    </section>
  )
}

function Verdict({ check }: { readonly check: AuditCheck }) {
  const said = words.audit.chain
  if (!check.intact)
    return (
      <>
        <strong>{said.broken(check.seq)}</strong> {check.text} {said.brokenNext}
      </>
    )
  const { records, prunedUpTo } = check
  return (
    <>
      <strong>{said.intact}</strong> {said.all(records)}
      {prunedUpTo !== undefined && ` ${said.pruned(prunedUpTo)}`}
    </>
  )
}
