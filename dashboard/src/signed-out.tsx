import { CopyBox } from './parts/copy-box.tsx'
import { Horizon } from './parts/horizon.tsx'
import { ProblemNote } from './parts/problem-note.tsx'
import { signInProblem } from './session-state.ts'

/** For who comes without a session: how to get in. */
export function SignedOut() {
  return (
    <section class="door" aria-labelledby="door-title">
      <h1 class="headline" id="door-title">
        Sign in
      </h1>
      <ProblemNote problem={signInProblem.value} />
      <p>Open the sign-in link that bhor printed in the terminal when it started. It works once.</p>
      <p>For a new link, run this where bhor runs:</p>
      <CopyBox label="command" text="bhor desk" />
      <p class="fine">
        Your browser does not find the page of that link? <code>bhor desk --plain-address</code>
      </p>
      <p class="fine">
        There is no password: who can run bhor on this computer can sign in. This browser then stays signed
        in, unless your configuration says otherwise.
      </p>
      <Horizon />
    </section>
  )
}
