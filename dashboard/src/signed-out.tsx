import { CopyBox } from './parts/copy-box.tsx'
import { Horizon } from './parts/horizon.tsx'
import { ProblemNote } from './parts/problem-note.tsx'
import { signInProblem } from './session-state.ts'
import { signOutOwed } from './sign-out-owed.ts'
import { words } from './words/words.ts'

const said = words.door

/** For who comes without a session: how to get in. */
export function SignedOut() {
  return (
    <section class="door" aria-labelledby="door-title">
      <h1 class="headline" id="door-title">
        {said.title}
      </h1>
      <ProblemNote problem={signInProblem.value} />
      {signOutOwed.value !== null && (
        <div class="note" data-tone="amber" role="status">
          <p>{said.owed}</p>
        </div>
      )}
      <p>{said.openLink}</p>
      <p>{said.newLink}</p>
      <CopyBox label={said.command} text="bhor desk" />
      <p class="fine">
        {said.notFound} <code>bhor desk --plain-address</code>
      </p>
      <p class="fine">{said.noPassword}</p>
      <Horizon />
    </section>
  )
}
