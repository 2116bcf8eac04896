import { useSignal } from '@preact/signals'
import { useId, useRef } from 'preact/hooks'
import { toast } from '../announce.ts'
import { pause } from '../time/clock.ts'
import { words } from '../words/words.ts'

interface CopyBoxProps {
  readonly label: string
  readonly text: string
  readonly isBlock?: boolean | undefined
}

/** A text to take along. Where the browser gives no clipboard, the text is selected instead. */
export function CopyBox({ label, text, isBlock }: CopyBoxProps) {
  const said = useSignal(words.forms.copy.copy)
  const shown = useRef<HTMLElement>(null)
  const labelId = useId()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      said.value = words.forms.copy.copied
      toast(words.forms.copy.done(label))
    } catch {
      if (shown.current) getSelection()?.selectAllChildren(shown.current)
      said.value = words.forms.copy.selected
    }
    await pause(2_000)
    said.value = words.forms.copy.copy
  }
  return (
    <div class={isBlock ? 'copy copy-block' : 'copy'}>
      <span class="copy-label" id={labelId}>
        {label}
      </span>
      {isBlock ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, also by keyboard
        <section class="copy-text" ref={shown} tabIndex={0} aria-labelledby={labelId}>
          <pre>{text}</pre>
        </section>
      ) : (
        <code class="copy-text" ref={shown}>
          {text}
        </code>
      )}
      <button
        type="button"
        class="button button-plain"
        aria-label={`${said.value} ${label}`}
        onClick={() => void copy()}
      >
        {said.value}
      </button>
    </div>
  )
}
