import { CopyBox } from './parts/copy-box.tsx'
import { words } from './words/words.ts'

const said = words.door.foreign

/** In place of everything else, where something that is not bhor's had hold of this page. */
export function Foreign() {
  return (
    <section class="door" aria-labelledby="door-title">
      <h1 class="headline" id="door-title">
        {said.title}
      </h1>
      <div class="note" data-tone="red" role="alert">
        <p class="note-text">{said.what}</p>
      </div>
      <p>{said.removed}</p>
      <CopyBox label={words.door.command} text="bhor desk" />
      <p class="fine">{said.who}</p>
    </section>
  )
}
