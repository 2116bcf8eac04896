import { CopyBox } from './parts/copy-box.tsx'

/** In place of everything else, where something that is not bhor's had hold of this page. */
export function Foreign() {
  return (
    <section class="door" aria-labelledby="door-title">
      <h1 class="headline" id="door-title">
        This address is not safe
      </h1>
      <div class="note" data-tone="red" role="alert">
        <p class="note-text">
          Another program has served this address before and left a service worker for it in your browser. It
          could read and change all that this page shows, so bhor does not go on here.
        </p>
      </div>
      <p>
        It was removed. Close every tab of this address, then get a new link, which has an address of its own:
      </p>
      <CopyBox label="command" text="bhor desk" />
      <p class="fine">
        Who can run programs on this computer besides you? One of them has used bhor’s port while bhor was not
        running.
      </p>
    </section>
  )
}
